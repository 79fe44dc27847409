/** What a resource URI says behind its kind. Pure. */
import { type Fault, fault } from '../../shared/fault.ts'
import type { Lang } from '../estat/words.ts'

/** The one part behind the kind, decoded once: `estat://lake/d_0003410379` is d_0003410379. @throws Fault NOT_FOUND */
export function lastPart({ pathname }: URL): string {
  try {
    return decodeURIComponent(pathname.slice(1))
  } catch {
    throw notThere()
  }
}

/**
 * `?lang=E` and what else the kind knows.
 *
 * @throws Fault INVALID_PARAMETER for a parameter that it does not know, or another language.
 */
export function queryOf({ searchParams }: URL, known: readonly string[] = []): { lang: Lang; cursor?: string } {
  const names = ['lang', ...known]
  const unknown = [...searchParams.keys()].find((name) => !names.includes(name))
  if (unknown !== undefined)
    throw fault('INVALID_PARAMETER', `This resource has no parameter "${unknown.slice(0, 40)}".`, {
      hint: `Its parameters are: ${names.join(', ')}.`,
    })
  const lang = searchParams.get('lang') ?? 'J'
  if (lang !== 'J' && lang !== 'E')
    throw fault('INVALID_PARAMETER', 'lang must be "J" or "E".', { hint: 'Read it with ?lang=E, or without.' })
  const cursor = searchParams.get('cursor')
  return { lang, ...(cursor === null ? {} : { cursor }) }
}

export const notThere = (): Fault =>
  fault('NOT_FOUND', 'There is no such resource.', {
    hint: 'See resources/list and resources/templates/list, and complete the variable of a template.',
  })
