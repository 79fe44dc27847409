import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { headersToClient, headersToOrigin } from '../../../edge/domain/forward-headers.ts'

const names = (headers: Headers): readonly string[] => [...headers.keys()]

describe('headersToOrigin', () => {
  it('lets the protocol through', () => {
    const sent = {
      accept: 'application/json',
      'content-type': 'application/json',
      'mcp-method': 'tools/call',
      'mcp-name': 'x',
      'mcp-param-area': '13',
      'mcp-protocol-version': '2026-07-28',
      'x-estat-app-id': 'own',
    }
    expect(Object.fromEntries(headersToOrigin(new Headers(sent)))).toEqual(sent)
  })

  it('lets nothing through that says who asks or where from', () => {
    const spoofed = new Headers({
      authorization: 'Bearer x',
      cookie: 'a=b',
      connection: 'x-api-key',
      forwarded: 'for=1.2.3.4',
      'cf-connecting-ip': '1.2.3.4',
      'proxy-authorization': 'x',
      'transfer-encoding': 'chunked',
      'x-api-key': 'x',
      'x-estat-caller': 'forged',
      'x-estat-tenant': 'other',
      'x-forwarded-for': '1.2.3.4',
      'x-real-ip': '1.2.3.4',
      'x-request-id': 'mine',
    })
    expect(names(headersToOrigin(spoofed))).toEqual([])
  })

  it('lets no header of an unknown name through, either way', () => {
    const name = fc.stringMatching(/^x-[a-z][a-z-]{2,12}$/).filter((one) => one !== 'x-estat-app-id')
    fc.assert(
      fc.property(name, (one) => {
        const headers = new Headers({ [one]: 'v' })
        return names(headersToOrigin(headers)).length === 0 && names(headersToClient(headers)).length === 0
      }),
    )
  })
})
