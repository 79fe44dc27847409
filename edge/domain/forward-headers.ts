/**
 * What passes between client and origin. Lists of what may pass, not of what may not: a header that nobody thought
 * of (credentials, `x-estat-*`, `cf-*`, `x-forwarded-*`, hop-by-hop) stays outside.
 */
const TO_ORIGIN = [
  'accept',
  'accept-language',
  'content-type',
  'last-event-id',
  'mcp-protocol-version',
  'mcp-method',
  'mcp-name',
  'mcp-session-id',
  'user-agent',
  /** The caller's own application ID of e-Stat: it serves this request alone. */
  'x-estat-app-id',
]
/** MCP 2026-07-28: a tool may ask clients to repeat an argument as `Mcp-Param-*`. */
export const PARAMETER = /^mcp-param-[a-z0-9-]{1,64}$/

const TO_CLIENT = [
  'allow',
  'cache-control',
  'content-disposition',
  'content-type',
  'etag',
  'last-modified',
  'mcp-protocol-version',
  'mcp-session-id',
  'retry-after',
  /** Where the origin's time went; the edge adds its own parts. */
  'server-timing',
]

export const headersToOrigin = (headers: Headers): Headers =>
  pick(headers, (name) => TO_ORIGIN.includes(name) || PARAMETER.test(name))

export const headersToClient = (headers: Headers): Headers => pick(headers, (name) => TO_CLIENT.includes(name))

function pick(headers: Headers, mayPass: (name: string) => boolean): Headers {
  const picked = new Headers()
  for (const [name, value] of headers) if (mayPass(name)) picked.set(name, value)
  return picked
}
