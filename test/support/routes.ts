/** The routes that an app answers at, read off the app itself. */
import type { RouterRoute } from 'hono/types'

export interface Route {
  readonly method: string
  /** Parameters stand in as `x`; a star stays. */
  readonly path: string
}

const EVERY_METHOD = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** Each method and path once: where a path is for all methods, each of them. What goes around every path is left out. */
export function routesOf(routes: readonly RouterRoute[]): readonly Route[] {
  const named = routes.filter(({ path }) => path !== '/*' && path !== '*')
  const flat = named.flatMap(({ method, path }) =>
    (method === 'ALL' ? EVERY_METHOD : [method]).map((one) => ({
      method: one,
      path: path.replace(/:\w+(\{[^}]*\})?/g, 'x'),
    })),
  )
  return [...new Map(flat.map((route) => [`${route.method} ${route.path}`, route])).values()]
}
