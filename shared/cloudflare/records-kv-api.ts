/** Workers KV from outside of a Worker, by Cloudflare's REST API (developers.cloudflare.com/api, "KV"). */
import * as z from 'zod'
import type { Records } from '../records.ts'

export interface KvApiOptions {
  /** `https://api.cloudflare.com/client/v4`, or another that speaks for it. */
  readonly endpoint: string
  readonly accountId: string
  readonly namespaceId: string
  /** With the permission "Workers KV Storage: Edit". */
  readonly token: string
  readonly send: (request: Request) => Promise<Response>
  /** Of one request, milliseconds. */
  readonly timeoutMs?: number
}

/** Cloudflare said no, or something else answered for it. */
export class KvApiError extends Error {
  override readonly name = 'KvApiError'
  readonly status: number

  constructor(status: number) {
    super(`Workers KV answered ${status}`)
    this.status = status
  }
}

/** The least that `expiration_ttl` may be. */
const LEAST_KEEP_SECONDS = 60
/** As many as one bulk read takes. */
const MAX_READ = 100

const Bulk = z.object({ result: z.object({ values: z.record(z.string(), z.string().nullable()) }) })
const Page = z.object({
  result: z.array(z.object({ name: z.string() })),
  result_info: z.object({ cursor: z.string().optional() }).optional(),
})

/** The same records that the binding of the Worker has (`edge/adapters/records-kv.ts`). */
export function kvApiRecords(options: KvApiOptions): Records {
  const { endpoint, accountId, namespaceId, token, send, timeoutMs = 15_000 } = options
  const [account, namespace] = [accountId, namespaceId].map(encodeURIComponent)
  const base = `${endpoint.replace(/\/$/, '')}/accounts/${account}/storage/kv/namespaces/${namespace}`

  /** @throws KvApiError for any answer but a good one; 404 of a value is for the asker. */
  async function ask(method: string, path: string, body?: string): Promise<Response> {
    const response = await send(
      new Request(`${base}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body }),
        signal: AbortSignal.timeout(timeoutMs),
      }),
    )
    if (response.ok) return response
    await response.body?.cancel()
    throw new KvApiError(response.status)
  }
  const valuePath = (name: string): string => `/values/${encodeURIComponent(name)}`

  async function getMany(names: readonly string[]): Promise<readonly (string | null)[]> {
    const texts: (string | null)[] = []
    for (let at = 0; at < names.length; at += MAX_READ) {
      const some = names.slice(at, at + MAX_READ)
      const answer = await ask('POST', '/bulk/get', JSON.stringify({ keys: some, type: 'text' }))
      // A map: a name may be one that every object has.
      const values = new Map(Object.entries(Bulk.parse(await answer.json()).result.values))
      texts.push(...some.map((name) => values.get(name) ?? null))
    }
    return texts
  }

  return {
    getMany,
    // A single value's 404 does not tell a name that is absent from a namespace that is: a bulk read does.
    get: async (name) => (await getMany([name]))[0] ?? null,
    async put(name, text, keepSeconds) {
      const keep =
        keepSeconds === undefined ? '' : `?expiration_ttl=${Math.max(LEAST_KEEP_SECONDS, Math.ceil(keepSeconds))}`
      await ask('PUT', `${valuePath(name)}${keep}`, text)
    },
    async delete(name) {
      await ask('DELETE', valuePath(name))
    },
    async list(prefix) {
      const names: string[] = []
      let cursor: string | undefined
      do {
        const query = new URLSearchParams({ prefix, limit: '1000', ...(cursor ? { cursor } : {}) })
        const page = Page.parse(await (await ask('GET', `/keys?${query}`)).json())
        names.push(...page.result.map(({ name }) => name))
        cursor = page.result_info?.cursor
      } while (cursor)
      return names.toSorted()
    },
  }
}
