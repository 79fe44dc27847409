import { boundedMemory } from './bounded-memory.ts'

/** What the edge reads of a request's URL. */
export interface UrlParts {
  readonly origin: string
  /** With the port. */
  readonly host: string
  readonly hostname: string
  readonly pathname: string
  readonly search: string
}

/** Longer ones are not worth remembering: nobody asks them again. */
const MAX_CHARS = 200
const remembered = boundedMemory<UrlParts>(200)

/** @throws TypeError for what is no URL. */
export function urlParts(url: string): UrlParts {
  const parts = findUrlParts(url)
  if (parts === null) throw new TypeError('not a URL')
  return parts
}

/**
 * The parts of an absolute URL; null for what is none. Most requests have one of a few: reading those again costs nothing, where `new URL` and
 * each of its getters crosses into the platform.
 */
export function findUrlParts(url: string): UrlParts | null {
  const known = remembered.get(url)
  if (known) return known
  const parsed = URL.parse(url)
  if (parsed === null) return null
  const { origin, host, hostname, pathname, search } = parsed
  const parts = { origin, host, hostname, pathname, search }
  if (url.length <= MAX_CHARS) remembered.set(url, parts)
  return parts
}
