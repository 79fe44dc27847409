import type { Lang } from './estat/words.ts'

/** The language a call asks for; Japanese where it does not say, or its arguments are no object. */
export function langOf(args: unknown): Lang {
  const lang = typeof args === 'object' && args !== null && 'lang' in args ? args.lang : null
  return lang === 'E' ? 'E' : 'J'
}
