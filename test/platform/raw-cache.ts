/**
 * The Cache API for `workerd serve`, which asks a service for it over HTTP: this one has its answers in memory, and one
 * for all services, as those of a data centre do. What it takes and answers is what workerd's own Cache sends and reads
 * (cloudflare/workerd, src/workerd/api/cache.c++): the answer to be kept comes as an HTTP message, its length known. A
 * time of expiry is not kept.
 */
export const RAW_CACHE_WORKER = `
const kept = new Map()
function take(message) {
  const text = new TextDecoder('latin1').decode(message)
  const end = text.indexOf('\\r\\n\\r\\n')
  const headers = text.slice(0, end).split('\\r\\n').slice(1).map((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon), line.slice(colon + 1).trim()]
  })
  return { headers, body: message.slice(end + 4) }
}
export default {
  async fetch(request) {
    if (request.method === 'PUT') {
      kept.set(request.url, take(await request.arrayBuffer()))
      return new Response(null, { status: 204 })
    }
    if (request.method === 'PURGE') return new Response(null, { status: kept.delete(request.url) ? 200 : 404 })
    const found = kept.get(request.url)
    if (!found) return new Response(null, { status: 504, headers: { 'cf-cache-status': 'MISS' } })
    return new Response(found.body, { headers: [...found.headers, ['cf-cache-status', 'HIT']] })
  },
}
`
