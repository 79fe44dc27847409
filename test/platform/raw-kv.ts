/**
 * Workers KV for `workerd serve`, which asks a service for it over HTTP: this one has its texts in memory. What it
 * takes and answers is what workerd's own KV binding sends and reads (cloudflare/workerd, src/workerd/api/kv.c++). A
 * time of expiry is not kept.
 */
export const RAW_KV_WORKER = `
const texts = new Map()
export default {
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url)
    const name = decodeURIComponent(pathname.slice(1))
    if (request.method === 'PUT') {
      texts.set(name, await request.text())
      return new Response(null)
    }
    if (request.method === 'DELETE') {
      texts.delete(name)
      return new Response(null)
    }
    if (name === '') {
      const names = [...texts.keys()].filter((one) => one.startsWith(searchParams.get('prefix') ?? '')).sort()
      return Response.json({ keys: names.map((one) => ({ name: one })), list_complete: true })
    }
    const text = texts.get(name)
    return text === undefined ? new Response(null, { status: 404 }) : new Response(text)
  },
}
`
