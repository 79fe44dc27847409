export { isLoopback } from '../../shared/loopback.ts'

/** The host of a web origin; null for `null` and for what is none. */
export function hostOf(origin: string): URL | null {
  const url = URL.parse(origin)
  return url !== null && /^https?:$/.test(url.protocol) ? url : null
}
