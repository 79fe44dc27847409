/** Many identical searches at once, over several instances of the edge. */
import { Agent, request } from 'node:http'
import { json } from 'node:stream/consumers'

export interface Searched {
  readonly status: number
  readonly cache: string | undefined
  readonly body: { readonly success: boolean; readonly result: Readonly<Record<string, unknown>> }
}

/** @param urls Of the instances: the searches go to them by turns, half by `GET /search` and half by `POST /execute`. */
export async function searchAtOnce(
  urls: readonly string[],
  key: string,
  query: string,
  count: number,
): Promise<readonly Searched[]> {
  const agent = new Agent({ keepAlive: true })
  const searches = Array.from({ length: count }, (_, at) =>
    search(agent, urls[at % urls.length] as string, key, query, at % 4 < 2),
  )
  try {
    return await Promise.all(searches)
  } finally {
    agent.destroy()
  }
}

function search(agent: Agent, url: string, key: string, query: string, plain: boolean): Promise<Searched> {
  const path = plain ? `/search?q=${encodeURIComponent(query)}` : '/execute'
  const headers = { 'x-api-key': key, ...(plain ? {} : { 'content-type': 'application/json' }) }
  return new Promise((resolve, reject) => {
    const asked = request(`${url}${path}`, { agent, headers, method: plain ? 'GET' : 'POST' }, (response) => {
      const cache = response.headers['x-cache'] as string | undefined
      const done = json(response).then((body) => ({
        status: response.statusCode ?? 0,
        cache,
        body: body as Searched['body'],
      }))
      resolve(done)
    })
    asked.on('error', reject)
    asked.end(plain ? undefined : JSON.stringify({ tool_name: 'search_estat_data', arguments: { query } }))
  })
}

/** How often each state of the cache was answered. */
export function tally(searched: readonly Searched[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { status, cache } of searched) counts[`${status} ${cache}`] = (counts[`${status} ${cache}`] ?? 0) + 1
  return counts
}
