/**
 * What the documents of the replaced system tell people to check after they have set it up: by `curl`, through a real
 * edge to a real origin, and at the origin with an administrator's key. That the stream is alive after a minute takes
 * a minute: `test/heavy/replaced-system.test.ts`; its beat is in `test/origin/ready-stream.test.ts`.
 */
import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BothDoors, curl, DOORS, HAS_CURL, openBothDoors } from '../support/both-doors.ts'

if (!HAS_CURL)
  process.stderr.write('Left out: the checks of the replaced system need curl, which is not on this machine.\n')

/** The tools that clients of the replaced system have in their `autoApprove` lists. */
const OLD_NAMES = [
  'search_estat_data',
  'apply_keyword_suggestions',
  'fetch_dataset_auto',
  'fetch_large_dataset_complete',
  'fetch_dataset_filtered',
  'transform_to_parquet',
  'load_to_iceberg',
  'analyze_with_athena',
  'save_dataset_as_csv',
  'download_csv_from_s3',
  'get_csv_download_url',
  'save_metadata_as_csv',
  'get_estat_table_url',
]

interface Frame {
  readonly result: {
    readonly protocolVersion?: string
    readonly tools?: readonly { readonly name: string }[]
    readonly structuredContent?: { readonly results: readonly { readonly dataset_id: string }[] }
  }
}
interface Tools {
  readonly success: boolean
  readonly tools: readonly { readonly name: string; readonly description: string; readonly parameters: object }[]
}

let doors: BothDoors
beforeAll(async () => {
  if (HAS_CURL) doors = await openBothDoors()
})
afterAll(() => doors?.close())

const names = (tools: readonly { readonly name: string }[] = []): readonly string[] => tools.map(({ name }) => name)

describe.runIf(HAS_CURL).each(DOORS)('at %s', (name) => {
  const ask = async (path: string, ...args: readonly string[]): Promise<unknown> => {
    const { url, key } = doors.at(name)
    const { code, text } = await curl(['-H', `X-API-Key: ${key}`, ...args, `${url}${path}`])
    expect(code).toBe(0)
    return JSON.parse(text)
  }
  const post = (path: string, body: object): Promise<unknown> =>
    ask(path, '-X', 'POST', '-H', 'Content-Type: application/json', '-d', JSON.stringify(body))
  const rpc = async (method: string, params: object): Promise<Frame['result']> =>
    ((await post('/mcp', { jsonrpc: '2.0', id: 1, method, params })) as Frame).result

  it('curl /health', async () => {
    const { code, text } = await curl([`${doors.at(name).url}/health`])
    const health = JSON.parse(text) as { status: string; timestamp: string }
    expect([code, health.status]).toEqual([0, 'healthy'])
    expect(new Date(health.timestamp).toISOString()).toBe(health.timestamp)
  })

  it('curl -N -H "Accept: text/event-stream" /mcp', async () => {
    const { url, key } = doors.at(name)
    const { text } = await curl(
      ['-N', '-H', 'Accept: text/event-stream', '-H', `X-API-Key: ${key}`, '--max-time', '20', `${url}/mcp`],
      '\n\n',
    )
    expect(text).toMatch(/^event: connection\ndata: \{"status":"ready","timestamp":"\d{4}-[^"]+Z"\}\n\n$/)
  })

  it('initialize with 2024-11-05, and tools/list with the old names', async () => {
    const clientInfo = { name: 'test', version: '1.0' }
    const hello = await rpc('initialize', { protocolVersion: '2024-11-05', capabilities: {}, clientInfo })
    expect(hello.protocolVersion).toBe('2024-11-05')
    expect(names((await rpc('tools/list', {})).tools)).toEqual(expect.arrayContaining(OLD_NAMES))
  })

  it('a search, as a call of MCP and as POST /execute', async () => {
    const args = { query: '人口', max_results: 5 }
    const { structuredContent } = await rpc('tools/call', { name: 'search_estat_data', arguments: args })
    expect(structuredContent?.results).toHaveLength(5)
    const executed = await post('/execute', { tool_name: 'search_estat_data', arguments: args })
    expect(executed).toMatchObject({ success: true, result: { results: structuredContent?.results } })
  })

  it('GET and POST /tools, and an error in the old form', async () => {
    for (const listed of [await ask('/tools'), await post('/tools', {})] as readonly Tools[]) {
      expect([listed.success, names(listed.tools)]).toEqual([true, expect.arrayContaining(OLD_NAMES)])
      for (const { description, parameters } of listed.tools) {
        expect(description).toBeTruthy()
        expect(parameters).toMatchObject({ type: 'object', properties: expect.any(Object) as object })
      }
    }
    const failed = await post('/execute', { tool_name: 'get_estat_table_url', arguments: { dataset_id: '1' } })
    expect(failed).toMatchObject({ success: false, error: { code: 'INVALID_PARAMETER', message: expect.any(String) } })
  })

  it('GET /openapi.json is OpenAPI, names this door, and its operations are answered', async () => {
    const document = (await ask('/openapi.json')) as Record<string, unknown>
    const { valid, errors } = await new Validator().validate(document)
    expect([valid, errors]).toEqual([true, undefined])
    expect(document['servers']).toEqual([{ url: doors.at(name).url }])
    const answered = await post('/tools/get_estat_table_url', { dataset_id: '0003410379' })
    expect(answered).toMatchObject({ success: true, result: { dataset_id: '0003410379' } })
  })

  it('GET / names service, version and endpoints', async () => {
    const welcome = (await ask('/')) as { endpoints: object }
    expect(welcome).toMatchObject({ service: 'estat-mcp', version: expect.any(String) as string })
    expect(Object.keys(welcome.endpoints)).toEqual(
      expect.arrayContaining(['mcp', 'tools', 'execute', 'search', 'openapi', 'health']),
    )
  })
})
