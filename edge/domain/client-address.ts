/**
 * Who an anonymous caller is: an IPv4 address, or the /64 of an IPv6 address, because one subscriber has all of it.
 *
 * @param address As the platform gives it, never from a header that a client can send; null where it gives none: all
 *   those share one limit.
 */
export function anonymousId(address: string | null): string {
  if (address === null) return 'ip:unknown'
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped) return `ip:${mapped}`
  if (!address.includes(':')) return `ip:${address}`
  const prefix = expandIpv6(address).slice(0, 4)
  return `ip:${prefix.map((group) => group.toString(16)).join(':')}::/64`
}

/** The eight groups of an IPv6 address (RFC 4291 section 2.2); a zone id and an embedded IPv4 tail do not matter here. */
function expandIpv6(address: string): readonly number[] {
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::')
  const left = groupsOf(head)
  const right = tail === undefined ? [] : groupsOf(tail)
  return [...left, ...Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => 0), ...right]
}

const groupsOf = (text: string): readonly number[] =>
  text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16) || 0)
