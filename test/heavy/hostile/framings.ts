/**
 * Requests whose framing two servers in a row might read in two ways (RFC 9112 section 11.2), and others that no client
 * sends: as bytes, with what each platform's own server makes of them.
 */

export interface Framing {
  readonly what: string
  readonly pieces: readonly (string | Buffer)[]
  /** Status codes of the answers in order; none: it says nothing within half a second. */
  readonly workerd: readonly number[]
  readonly node: readonly number[]
  /** Bodies that the origin may hear of this connection, `BODY` most often. Nothing where absent. */
  readonly heard?: { readonly workerd: readonly string[]; readonly node: readonly string[] }
}

const BODY = '{"jsonrpc":"2.0","id":1,"method":"ping"}'
const LENGTH = `Content-Length: ${BODY.length}`
const CHUNKED = 'Transfer-Encoding: chunked'
const SIZE = BODY.length.toString(16)
const CHUNKS = `${SIZE}\r\n${BODY}\r\n0\r\n\r\n`
const END = '\r\n\r\n'
const [REFUSED, SILENT, TAKEN] = [[400], [], [200]]
const both = (...bodies: readonly string[]) => ({ workerd: bodies, node: bodies })

/** @param name In `User-Agent`, which passes: by it the origin's hearings are told apart. */
export function framings(host: string, key: string, name: (what: string) => string): readonly Framing[] {
  const head = (what: string, line = 'POST /mcp HTTP/1.1', of = host): string =>
    [line, `Host: ${of}`, `X-Api-Key: ${key}`, `User-Agent: ${name(what)}`, 'Content-Type: application/json', ''].join(
      '\r\n',
    )
  // Of nobody: an answer of 200 to it, or a word of it at the origin, is the smuggler's.
  const smuggled = `GET /admin/jobs HTTP/1.1\r\nHost: ${host}${END}`
  const get = (what: string, more: string) =>
    `GET /tools HTTP/1.1\r\nHost: ${host}\r\nX-Api-Key: ${key}\r\nUser-Agent: ${name(what)}\r\n${more}`
  type Expected = Pick<Framing, 'workerd' | 'node' | 'heard'>
  const one = (what: string, rest: string, expected: Expected, line?: string): Framing => ({
    what,
    pieces: [`${head(what, line)}${rest}`],
    ...expected,
  })
  const refused: Expected = { workerd: REFUSED, node: REFUSED }
  const taken: Expected = { workerd: TAKEN, node: TAKEN, heard: both(BODY) }
  const byWorkerd: Expected = { workerd: TAKEN, node: REFUSED, heard: { workerd: [BODY], node: [] } }

  return [
    one('a request', `${LENGTH}${END}${BODY}`, taken),
    one('a chunked request', `${CHUNKED}${END}${CHUNKS}`, taken),

    // Content-Length.
    one('a length too long', `Content-Length: 50${END}${BODY}`, { workerd: SILENT, node: SILENT }),
    // What is left over is no request: Node reads it before the answer has left, and gives up the connection.
    one('a length too short', `Content-Length: 35${END}${BODY}`, {
      workerd: [200, 400],
      node: REFUSED,
      heard: { workerd: [BODY.slice(0, 35)], node: [] },
    }),
    one('a length that leaves a request over', `${LENGTH}${END}${BODY}${smuggled}`, {
      workerd: [200, 404],
      node: [200, 404],
      heard: both(BODY),
    }),
    one('a negative length', `Content-Length: -1${END}${BODY}`, refused),
    one('a length with a sign', `Content-Length: +40${END}${BODY}`, refused),
    one('a hexadecimal length', `Content-Length: 0x28${END}${BODY}`, refused),
    one('a list of lengths', `Content-Length: 40, 40${END}${BODY}`, refused),
    one('the same length twice', `${LENGTH}\r\n${LENGTH}${END}${BODY}`, byWorkerd),
    one('two lengths', `${LENGTH}\r\nContent-Length: 3${END}${BODY}`, refused),
    one('an empty length', `Content-Length: ${END}${BODY}`, refused),
    one('a length beyond numbers', `Content-Length: 99999999999999999999${END}${BODY}`, refused),
    one('a length over the limit', `Content-Length: 2000000${END}${BODY}`, { workerd: [413], node: [413] }),
    one('a blank before the colon of a length', `Content-Length : 40${END}${BODY}`, refused),

    // Transfer-Encoding. With both, workerd goes by the chunks and closes, as RFC 9112 section 6.1 allows.
    one('length and chunks', `${LENGTH}\r\n${CHUNKED}${END}${CHUNKS}`, byWorkerd),
    one('length and no chunk, and a request', `Content-Length: 6\r\n${CHUNKED}${END}0${END}${smuggled}`, {
      workerd: TAKEN,
      node: REFUSED,
      heard: { workerd: [''], node: [] },
    }),
    one('an unknown coding', `Transfer-Encoding: xchunked${END}${CHUNKS}`, refused),
    one('two codings', `${CHUNKED}\r\nTransfer-Encoding: identity${END}${CHUNKS}`, refused),
    one('chunked before gzip', `Transfer-Encoding: chunked, gzip${END}${CHUNKS}`, refused),
    one('a tab before chunked', `Transfer-Encoding:\tchunked${END}${CHUNKS}`, taken),
    one('a vertical tab before chunked', `Transfer-Encoding: \x0bchunked${END}${CHUNKS}`, refused),
    one('a blank before the colon of a coding', `Transfer-Encoding : chunked${END}${CHUNKS}`, refused),
    one('a folded coding', `Transfer-Encoding:\r\n chunked${END}${CHUNKS}`, refused),
    one('identity and a length', `Transfer-Encoding: identity\r\n${LENGTH}${END}${BODY}`, refused),

    // Chunks. workerd has begun to read the body by then: what does not go on is a client that left.
    one('an extension', `${CHUNKED}${END}${SIZE};a=b;c="d"\r\n${BODY}\r\n0${END}`, taken),
    one('an extension of 100 KB', `${CHUNKED}${END}${SIZE};a=${'b'.repeat(100_000)}\r\n${BODY}\r\n0${END}`, {
      workerd: [499],
      node: [413],
    }),
    one('a bare LF after a size', `${CHUNKED}${END}${SIZE};a\n${BODY}\r\n0${END}`, { workerd: [499], node: REFUSED }),
    one('a size that never comes', `${CHUNKED}${END}FFFFFFFFFFFFFFFF\r\n${BODY}`, { workerd: SILENT, node: SILENT }),
    one('a size beyond numbers', `${CHUNKED}${END}1${'0'.repeat(16)}28\r\n${BODY}\r\n0${END}`, {
      workerd: [499],
      node: REFUSED,
    }),
    one('a negative size', `${CHUNKED}${END}-1\r\n${BODY}\r\n0${END}`, { workerd: [499], node: REFUSED }),
    one('a size with 0x', `${CHUNKED}${END}0x28\r\n${BODY}\r\n0${END}`, { workerd: [499], node: REFUSED }),
    one('a size too small', `${CHUNKED}${END}3\r\n${BODY}\r\n0${END}`, { workerd: [499], node: REFUSED }),
    one(
      'trailers that look like headers',
      `${CHUNKED}\r\nTrailer: X-Api-Key${END}${SIZE}\r\n${BODY}\r\n0\r\nX-Estat-Caller: forged\r\nX-Estat-App-Id: trailing${END}`,
      taken,
    ),

    // Lines and names. RFC 9112 section 2.2 lets a server take a bare LF for the end of a line.
    {
      what: 'bare LF everywhere',
      pieces: [`${head('bare LF everywhere')}${LENGTH}${END}`.replaceAll('\r\n', '\n') + BODY],
      ...byWorkerd,
    },
    one('a bare LF that hides a coding', `X-A: a\nTransfer-Encoding: chunked\r\n${LENGTH}${END}${BODY}`, {
      workerd: [499],
      node: REFUSED,
    }),
    one('NUL in a value', `X-A: a\0b\r\n${LENGTH}${END}${BODY}`, refused),
    one('NUL in a name', `X\0A: b\r\n${LENGTH}${END}${BODY}`, refused),
    one('CR in a value', `X-A: a\rb\r\n${LENGTH}${END}${BODY}`, refused),
    // Cloudflare's own front refuses more than 128 KB; workerd alone has room for them.
    one('a header of 100 KB', `X-A: ${'a'.repeat(100_000)}\r\n${LENGTH}${END}${BODY}`, {
      workerd: TAKEN,
      node: [431],
      heard: { workerd: [BODY], node: [] },
    }),
    one(
      '2,000 headers',
      `${Array.from({ length: 2000 }, (_, at) => `X-${at}: a\r\n`).join('')}${LENGTH}${END}${BODY}`,
      {
        workerd: TAKEN,
        node: [431],
        heard: { workerd: [BODY], node: [] },
      },
    ),
    one('a key that the connection keeps', `Connection: x-api-key, close\r\n${LENGTH}${END}${BODY}`, taken),

    // Targets and hosts.
    one('absolute-form', `${LENGTH}${END}${BODY}`, byWorkerd, `POST http://${host}/mcp HTTP/1.1`),
    {
      what: 'absolute-form and a foreign Host',
      pieces: [
        `${head('absolute-form and a foreign Host', `POST http://${host}/mcp HTTP/1.1`, 'evil.example')}${LENGTH}${END}${BODY}`,
      ],
      workerd: [403],
      node: REFUSED,
    },
    // A Worker has no say in CONNECT: workerd's own words. Cloudflare's front passes none on.
    {
      what: 'authority-form',
      pieces: [`CONNECT ${host} HTTP/1.1\r\nHost: ${host}${END}`],
      workerd: [500],
      node: SILENT,
    },
    one(
      'authority-form of a POST',
      `${LENGTH}${END}${BODY}`,
      { workerd: [404], node: REFUSED },
      'POST x.example:80 HTTP/1.1',
    ),
    one('asterisk-form of a POST', `${LENGTH}${END}${BODY}`, refused, 'POST * HTTP/1.1'),
    { what: 'asterisk-form', pieces: [`OPTIONS * HTTP/1.1\r\nHost: ${host}${END}`], ...refused },
    { what: 'no Host', pieces: [`GET /tools HTTP/1.1\r\nX-Api-Key: ${key}${END}`], ...refused },
    { what: 'two Hosts', pieces: [get('two Hosts', `Host: evil.example${END}`)], ...refused },

    // Versions.
    { what: 'HTTP/0.9', pieces: ['GET /tools\r\n'], workerd: REFUSED, node: SILENT },
    one('HTTP/1.0', `${LENGTH}${END}${BODY}`, taken, 'POST /mcp HTTP/1.0'),
    // RFC 9112 section 6.1: to be taken for faulty; Node answers and closes.
    one(
      'HTTP/1.0 with chunks',
      `${CHUNKED}${END}${CHUNKS}`,
      { workerd: REFUSED, node: TAKEN, heard: { workerd: [], node: [BODY] } },
      'POST /mcp HTTP/1.0',
    ),
    { what: 'the preface of HTTP/2', pieces: [`PRI * HTTP/2.0${END}SM${END}`], workerd: SILENT, node: REFUSED },
    { what: 'a hello of TLS', pieces: [Buffer.from('16030100c8010000c40303', 'hex')], ...refused },
    {
      what: 'no HTTP at all',
      pieces: [Buffer.from(Array.from({ length: 300 }, (_, at) => (at * 37) % 256))],
      ...refused,
    },

    // Expectations, other protocols, and requests in a row.
    {
      what: 'Expect: 100-continue',
      pieces: [`${head('Expect: 100-continue')}Expect: 100-continue\r\n${LENGTH}${END}`, BODY],
      workerd: [100, 200],
      node: [100, 200],
      heard: both(BODY),
    },
    one('another expectation', `Expect: nonsense\r\n${LENGTH}${END}${BODY}`, {
      workerd: TAKEN,
      node: [417],
      heard: { workerd: [BODY], node: [] },
    }),
    {
      what: 'Upgrade: websocket',
      pieces: [
        get(
          'Upgrade: websocket',
          `Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13${END}`,
        ),
      ],
      ...taken,
      heard: both(''),
    },
    {
      what: 'Upgrade: h2c, and a request',
      pieces: [
        get(
          'Upgrade: h2c, and a request',
          `Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA${END}${smuggled}`,
        ),
      ],
      workerd: [200, 404],
      node: TAKEN,
      heard: both(''),
    },
    {
      what: 'a GET with a request for its body',
      pieces: [get('a GET with a request for its body', `Content-Length: ${smuggled.length}${END}${smuggled}`)],
      ...taken,
      heard: both(''),
    },
    {
      what: 'requests in a row',
      pieces: [
        `${head('requests in a row')}${LENGTH}${END}${BODY}${smuggled}${head('requests in a row')}${LENGTH}${END}${BODY}`,
      ],
      workerd: [200, 404, 200],
      node: [200, 404, 200],
      heard: both(BODY, BODY),
    },
  ]
}
