/** Requests that nobody's client would send, and many that one might: bodies, headers and paths by fast-check. */
import fc from 'fast-check'
import manifest from '../../../shared/tool-manifest.json' with { type: 'json' }
import { PROTOCOL_REVISIONS } from '../../../shared/server-info.ts'

export interface Hostile {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | null
}

const TOOLS = manifest.tools.map(({ name }) => name)
const METHODS = ['initialize', 'ping', 'tools/list', 'tools/call', 'server/discover', 'resources/list', 'prompts/get']

/** JSON values, with the names and numbers that break readers. */
const value = fc.jsonValue({ maxDepth: 4 })
const oddNumber = fc.constantFrom('1e999', '-0', '1e-999', '99999999999999999999', '0.1e1', 'NaN', '01')
const oddName = fc.constantFrom('__proto__', 'constructor', 'toString', 'prototype', '', '\u0000', 'a'.repeat(300))
const text = fc.oneof(
  fc.string({ maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom("' OR 1=1 --", '../../etc/passwd', '${jndi:ldap://x}', '<script>', '\ud800', '人口\u202e', '％００'),
)

const argumentsOf = fc.oneof(
  value,
  fc.dictionary(
    fc.oneof(oddName, fc.constantFrom('query', 'dataset_id', 'filters', 'cursor', 'lang')),
    fc.oneof(value, text),
    {
      maxKeys: 6,
    },
  ),
  fc.record({ query: text, max_results: fc.oneof(fc.integer(), text), cursor: text }),
  fc.record({ dataset_id: fc.oneof(text, fc.constant('0003448237')), filters: value }),
)

const id = fc.oneof(fc.integer(), text, value)
const meta = fc.oneof(
  value,
  fc.record({
    'io.modelcontextprotocol/protocolVersion': fc.oneof(fc.constantFrom(...PROTOCOL_REVISIONS), text),
    'io.modelcontextprotocol/clientCapabilities': fc.oneof(fc.constant({}), value),
    progressToken: value,
  }),
)

const message = fc.record(
  {
    jsonrpc: fc.oneof(fc.constant('2.0'), value),
    id,
    method: fc.oneof(fc.constantFrom(...METHODS), text),
    params: fc.oneof(
      value,
      fc.record(
        { name: fc.oneof(fc.constantFrom(...TOOLS), oddName, text), arguments: argumentsOf, _meta: meta },
        { requiredKeys: [] },
      ),
    ),
  },
  { requiredKeys: [] },
)

const execute = fc.record(
  { tool_name: fc.oneof(fc.constantFrom(...TOOLS), oddName, value), arguments: argumentsOf },
  { requiredKeys: [] },
)

const deep = fc
  .tuple(
    fc.constantFrom(['[', ']'], ['{"a":', '}'], ['{"params":', '}'], ['[[', ']]']),
    fc.integer({ min: 50, max: 60_000 }),
  )
  .map(([[open = '', close = ''], depth]) => `${open.repeat(depth)}1${close.repeat(depth)}`)

const bodyText = fc.oneof(
  { weight: 5, arbitrary: message.map((one) => JSON.stringify(one)) },
  { weight: 3, arbitrary: execute.map((one) => JSON.stringify(one)) },
  { weight: 2, arbitrary: fc.array(fc.oneof(message, value), { maxLength: 80 }).map((batch) => JSON.stringify(batch)) },
  { weight: 1, arbitrary: deep },
  { weight: 1, arbitrary: fc.tuple(oddNumber, oddName).map(([number, name]) => `{${JSON.stringify(name)}:${number}}`) },
  { weight: 1, arbitrary: fc.json().map((json) => `\ufeff${json}`) },
  { weight: 1, arbitrary: fc.tuple(fc.json(), fc.nat(400)).map(([json, cut]) => json.slice(0, cut)) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
)

const body = fc.oneof(
  { weight: 12, arbitrary: bodyText.map((written) => Buffer.from(written)) },
  { weight: 2, arbitrary: fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)) },
  // Around the limit of 1 MB, and over it.
  { weight: 1, arbitrary: fc.integer({ min: 999_900, max: 1_200_000 }).map((size) => Buffer.alloc(size, 0x20)) },
  {
    weight: 1,
    arbitrary: fc.constant(
      Buffer.from('{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"\xff\xfe"}}', 'latin1'),
    ),
  },
)

/** What HTTP allows in a field value: visible ASCII, blank and tab. Others never reach a server through a client. */
const fieldValue = fc.oneof(
  fc.string({ unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCodePoint(code)), maxLength: 120 }),
  fc.constantFrom('', ' ', '\t', ',,,', '"', ';;;=', '=?base64?AAAA?=', '*/*', 'a'.repeat(4_000)),
)

const SPOOFED = [
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'forwarded',
  'x-real-ip',
  'cf-connecting-ip',
  'true-client-ip',
  'x-client-ip',
  'x-estat-caller',
  'x-estat-tenant',
  'x-estat-scopes',
  'x-estat-admin',
  'x-original-url',
  'x-http-method-override',
  'cookie',
  'cf-access-jwt-assertion',
  'x-amz-security-token',
]
const NAMED = [
  'accept',
  'accept-language',
  'authorization',
  'content-type',
  'content-encoding',
  'if-none-match',
  'if-modified-since',
  'last-event-id',
  'mcp-method',
  'mcp-name',
  'mcp-param-area',
  'mcp-protocol-version',
  'mcp-session-id',
  'origin',
  'range',
  'tracestate',
  'traceparent',
  'user-agent',
  'x-api-key',
  'x-estat-app-id',
  'x-request-id',
]

const headers = fc.dictionary(fc.constantFrom(...SPOOFED, ...NAMED), fieldValue, { maxKeys: 6 })

const path = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom(
      '/mcp',
      '/execute',
      '/tools',
      '/search?q=%E4%BA%BA%E5%8F%A3',
      '/health',
      '/',
      '/files/estat/csv/x.csv',
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '//mcp',
      '/mcp/',
      '/mcp/..;/health',
      '/mcp%00',
      '/files/%2e%2e/%2e%2e/etc/passwd',
      '/files/estat/csv/..%2f..%2fx',
      '/search?q=',
      '/search?q=%ff%fe',
      '/search?__proto__=1&q=x',
      '/k/mcp',
      '/admin',
      '/admin/purge',
      '/.well-known/oauth-protected-resource',
      '/%E4%BA%BA?%zz',
    ),
  },
  { weight: 1, arbitrary: fc.webPath().map((made) => (made.startsWith('/') ? made : `/${made}`)) },
)

const method = fc.oneof(
  { weight: 10, arbitrary: fc.constant('POST') },
  { weight: 2, arbitrary: fc.constantFrom('GET', 'HEAD', 'OPTIONS', 'DELETE', 'PUT', 'PATCH', 'PROPFIND') },
)

/** One request. Its Content-Type is mostly right, so that most bodies are read. */
export const hostile: fc.Arbitrary<Hostile> = fc
  .record({ method, path, headers, body, typed: fc.nat(9) })
  .map(({ method, path, headers, body, typed }) => ({
    method,
    path,
    headers: typed === 0 ? headers : { 'content-type': 'application/json', ...headers },
    body: method === 'GET' || method === 'HEAD' ? null : body,
  }))
