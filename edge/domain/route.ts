/** Routes as logs and counters name them: few, whatever a client asks for. */
const ROUTES = [
  '/mcp',
  '/k/mcp',
  '/execute',
  '/tools',
  '/search',
  '/health',
  '/openapi.json',
  '/admin/purge',
  '/admin/metrics',
] as const

export function routeOf(path: string): string {
  if (path === '/') return '/'
  const known = ROUTES.find((route) => route === path)
  if (known) return known
  if (path.startsWith('/files/')) return '/files'
  if (path.startsWith('/tools/')) return '/tools'
  return path.startsWith('/.well-known/') ? '/.well-known' : 'other'
}
