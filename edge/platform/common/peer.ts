/** Who is at the other end of a connection, and what the operator's own proxy says of whom it speaks for. */

export interface Peer {
  /** Of the connection; null where the platform does not tell. */
  readonly address: string | null
}

export interface AddressRule {
  /** The one header that the operator's proxy writes, lower case; the connection's address where absent. */
  readonly header: string | undefined
  /** For `x-forwarded-for`: how many of its last entries own proxies wrote, 1 or more. */
  readonly trustedHops: number
}

/**
 * The client's address. From a header only if the operator named it: every other one may be the client's own words.
 *
 * Without the header the request came past the proxy (a health check): then the connection speaks for itself.
 */
export function clientAddressOf(headers: Headers, peer: Peer, { header, trustedHops }: AddressRule): string | null {
  const written = header === undefined ? null : headers.get(header)
  if (header === undefined || written === null) return peer.address
  const entries = written.split(',').map((entry) => entry.trim())
  // Proxies append: the last entry was written by the nearest, of the address that it saw (reference RFC 7239 5.2).
  const entry = header === 'x-forwarded-for' ? entries.at(-trustedHops) : entries.at(-1)
  // CloudFront writes the port after every address, IPv6 without brackets among them.
  const bare = header === 'cloudfront-viewer-address' ? entry?.replace(/:\d+$/, '') : entry
  return bare === undefined ? peer.address : (addressIn(bare) ?? peer.address)
}

/** An IP address without brackets, port and zone; null for what is none. */
function addressIn(text: string): string | null {
  const bracketed = /^\[([0-9a-f:.]+)(?:%[\w.]+)?\](?::\d+)?$/i.exec(text)?.[1]
  if (bracketed) return bracketed
  const four = /^(\d{1,3}(?:\.\d{1,3}){3})(?::\d+)?$/.exec(text)?.[1]
  if (four) return four
  return /^[0-9a-f]*:[0-9a-f:.]+$/i.test(text) ? text : null
}
