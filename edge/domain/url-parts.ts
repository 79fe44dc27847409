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

/**
 * The parts of an absolute URL. Most requests have one of a few: reading those again costs nothing, where `new URL` and
 * each of its getters crosses into the platform.
 *
 * @throws TypeError for what is no URL.
 */
export function urlParts(url: string): UrlParts {
  const known = remembered.get(url)
  if (known) return known
  const { origin, host, hostname, pathname, search } = new URL(url)
  const parts = { origin, host, hostname, pathname, search }
  if (url.length <= MAX_CHARS) remembered.set(url, parts)
  return parts
}
