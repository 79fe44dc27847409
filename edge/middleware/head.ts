import type { MiddlewareHandler } from 'hono'
import type { EdgeEnv } from '../env.ts'
import type { Head } from '../head.ts'

/** What several may add to. */
const LISTS = ['server-timing', 'vary']

/**
 * Writes what the middlewares left as plain data, in one go: each header that is set on a Response is a call into the
 * platform. `head` goes over the answer's own headers; an answer that is left as `reply` becomes a Response here.
 */
export function head(): MiddlewareHandler<EdgeEnv> {
  return async function head(c, next) {
    const added: Head = {}
    c.set('head', added)
    await next()
    const reply = c.get('reply')
    if (reply && !c.finalized) {
      const headers = { ...reply.headers, ...added, ...lists(added, (name) => reply.headers[name]) }
      c.res = new Response(reply.body, { status: reply.status, headers })
      return
    }
    const { headers } = c.res
    const joined = { ...added, ...lists(added, (name) => headers.get(name)) }
    for (const name of Object.keys(joined)) headers.set(name, joined[name] as string)
  }
}

/** Those of the lists that both have (RFC 9110 section 5.3). */
function lists(added: Head, own: (name: string) => string | null | undefined): Head {
  const joined: Head = {}
  for (const name of LISTS) {
    const [before, after] = [own(name) ?? undefined, added[name]]
    if (before !== undefined && after !== undefined) joined[name] = `${before}, ${after}`
  }
  return joined
}
