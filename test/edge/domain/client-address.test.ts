import { describe, expect, it } from 'vitest'
import { anonymousId } from '../../../edge/domain/client-address.ts'

describe('anonymousId', () => {
  it.each([
    ['203.0.113.7', 'ip:203.0.113.7'],
    ['::ffff:203.0.113.7', 'ip:203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', 'ip:2001:db8:1:2::/64'],
    ['2001:db8:1:2::6', 'ip:2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::', 'ip:2001:db8:1:2::/64'],
    ['2001:db8::1', 'ip:2001:db8:0:0::/64'],
    ['::1', 'ip:0:0:0:0::/64'],
    ['fe80::1%eth0', 'ip:fe80:0:0:0::/64'],
    [null, 'ip:unknown'],
  ])('%s is %s', (address, id) => {
    expect(anonymousId(address)).toBe(id)
  })
})
