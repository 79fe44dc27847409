/** Where the edge of a server of our own takes a client's address from. */
import { describe, expect, it } from 'vitest'
import { type AddressRule, clientAddressOf } from '../../../edge/platform/common/peer.ts'

const SOCKET = '10.0.0.7'
const read = (header: string | undefined, sent: Record<string, string>, trustedHops = 1) => {
  const rule: AddressRule = { header, trustedHops }
  return clientAddressOf(new Headers(sent), { address: SOCKET }, rule)
}
const SPOOFED = {
  'x-forwarded-for': '9.9.9.9',
  'cf-connecting-ip': '9.9.9.9',
  'true-client-ip': '9.9.9.9',
  'x-real-ip': '9.9.9.9',
  'cloudfront-viewer-address': '9.9.9.9:1',
  forwarded: 'for=9.9.9.9',
}

describe("a client's address", () => {
  it("is the connection's, whatever a client writes", () => {
    expect(read(undefined, SPOOFED)).toBe(SOCKET)
  })

  it('is what the named header says, and no other', () => {
    expect(read('x-real-ip', { ...SPOOFED, 'x-real-ip': '192.0.2.1' })).toBe('192.0.2.1')
  })

  it.each([
    [1, '192.0.2.3'],
    [2, '192.0.2.2'],
    // Nobody of ours wrote as many as were said: somebody came past a proxy.
    [4, SOCKET],
  ])('counts %i from the right in X-Forwarded-For', (hops, address) => {
    const sent = { 'x-forwarded-for': '9.9.9.9, 192.0.2.2 ,192.0.2.3' }
    expect(read('x-forwarded-for', sent, hops)).toBe(address)
  })

  it.each([
    ['198.51.100.10:46532', '198.51.100.10'],
    ['2001:db8:0:0:0:0:0:1:46532', '2001:db8:0:0:0:0:0:1'],
    ['[2001:db8::1]:46532', '2001:db8::1'],
  ])("takes CloudFront's port off %s", (written, address) => {
    expect(read('cloudfront-viewer-address', { 'cloudfront-viewer-address': written })).toBe(address)
  })

  it.each(['2001:db8::1', '[2001:db8::1]', '[2001:db8::1]:443'])('reads %s', (written) => {
    expect(read('x-real-ip', { 'x-real-ip': written })).toBe('2001:db8::1')
  })

  it.each(['', 'unknown', '_hidden', 'evil"\nname', '1.2.3'])(
    'is the connection where the header says %j',
    (written) => {
      expect(
        clientAddressOf(
          { get: () => written } as unknown as Headers,
          { address: SOCKET },
          { header: 'x', trustedHops: 1 },
        ),
      ).toBe(SOCKET)
    },
  )

  it('is unknown where the platform does not tell', () => {
    expect(clientAddressOf(new Headers(SPOOFED), { address: null }, { header: undefined, trustedHops: 1 })).toBeNull()
  })
})
