/**
 * Workers KV as Cloudflare's REST API has it, over real HTTP: one namespace of one account, the parts that are used. A
 * page of names is small, so that listing has to turn pages. What has an end is not ended here: it is asserted.
 */
import { wireServer } from './wire-aws/server.ts'

export interface WireKvApi {
  /** `CLOUDFLARE_API_BASE_URL`, `CLOUDFLARE_API_TOKEN` and `CLOUDFLARE_ACCOUNT_ID`. */
  readonly env: Readonly<Record<string, string>>
  readonly namespaceId: string
  readonly values: Map<string, string>
  /** `METHOD path?query`, of every request. */
  readonly heard: readonly string[]
  close(): Promise<void>
}

const ACCOUNT = 'f'.repeat(32)
const NAMESPACE = '0123456789abcdef0123456789abcdef'
const TOKEN = 'wire-token'
const PAGE = 400

export async function wireKvApi(): Promise<WireKvApi> {
  const values = new Map<string, string>()
  const heard: string[] = []
  const base = `/client/v4/accounts/${ACCOUNT}/storage/kv/namespaces/${NAMESPACE}`

  function page({ searchParams }: URL): object {
    const names = [...values.keys()].filter((name) => name.startsWith(searchParams.get('prefix') ?? '')).toSorted()
    const from = Number(searchParams.get('cursor') || 0)
    const some = names.slice(from, from + PAGE)
    const cursor = from + PAGE < names.length ? String(from + PAGE) : ''
    return { result: some.map((name) => ({ name })), result_info: { count: some.length, cursor } }
  }

  function bulk(body: string): { readonly status: number; readonly answer: object } {
    const { keys } = JSON.parse(body) as { keys: string[] }
    if (keys.length > 100) return { status: 400, answer: { result: null } }
    return {
      status: 200,
      answer: { result: { values: Object.fromEntries(keys.map((key) => [key, values.get(key) ?? null])) } },
    }
  }

  function respond(method: string, url: URL, body: string): { readonly status: number; readonly answer: object } {
    if (!url.pathname.startsWith(`${base}/`)) return { status: 404, answer: { result: null } }
    const path = url.pathname.slice(base.length)
    if (method === 'GET' && path === '/keys') return { status: 200, answer: page(url) }
    if (method === 'POST' && path === '/bulk/get') return bulk(body)
    const name = decodeURIComponent(path.replace('/values/', ''))
    if (method === 'PUT') values.set(name, body)
    else if (method === 'DELETE') values.delete(name)
    else return { status: 405, answer: { result: null } }
    return { status: 200, answer: { result: {} } }
  }

  const server = await wireServer(async (request, body, response) => {
    heard.push(`${request.method} ${request.url}`)
    const url = new URL(request.url ?? '/', 'http://kv')
    const { status, answer } =
      request.headers.authorization === `Bearer ${TOKEN}`
        ? respond(request.method ?? '', url, body.toString())
        : { status: 403, answer: { result: null } }
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ success: status === 200, errors: [], ...answer }))
  })
  return {
    env: {
      CLOUDFLARE_API_BASE_URL: `${server.url}/client/v4`,
      CLOUDFLARE_API_TOKEN: TOKEN,
      CLOUDFLARE_ACCOUNT_ID: ACCOUNT,
    },
    namespaceId: NAMESPACE,
    values,
    heard,
    close: () => server.close(),
  }
}
