/**
 * Toolsets: parts of the tools for clients that want fewer of them (`/mcp?toolsets=search,fetch`). A tool outside is
 * neither listed nor callable there, as if the server did not have it; scopes stay what decides what a caller may do.
 */
import { fault } from './fault.ts'

/** `jobs` is for clients that only watch: sets whose tools start jobs have `get_job` too. */
export const TOOLSETS = ['search', 'fetch', 'files', 'lake', 'jobs'] as const
export type Toolset = (typeof TOOLSETS)[number]

const ALL = 'all'
/** Of a query. */
export const TOOLSETS_PARAMETER = 'toolsets'

/**
 * The sets that a URL asks for, in their own order and each once; null for all of them, which is where none is named.
 *
 * @throws Fault INVALID_PARAMETER for a name that is none, with the names there are.
 */
export function readToolsets(url: string): readonly Toolset[] | null {
  if (!url.includes('?')) return null
  const named = new URL(url).searchParams
    .getAll(TOOLSETS_PARAMETER)
    .flatMap((value) => value.toLowerCase().split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '')
  const unknown = named.filter((name) => name !== ALL && !isToolset(name))
  if (unknown.length > 0)
    throw fault(
      'INVALID_PARAMETER',
      `There is no toolset ${unknown.map((name) => `"${name.slice(0, 60)}"`).join(', ')}.`,
      {
        hint: `The toolsets are: ${[...TOOLSETS, ALL].join(', ')}; several with commas between.`,
      },
    )
  return named.length === 0 || named.includes(ALL) ? null : TOOLSETS.filter((set) => named.includes(set))
}

/** The same in a URL of our own making. */
export const writeToolsets = (sets: readonly Toolset[] | null): string =>
  sets === null ? '' : `?${TOOLSETS_PARAMETER}=${sets.join(',')}`

/** Whether a tool of these sets is in what was asked for. */
export const isIn = (asked: readonly Toolset[] | null, sets: readonly Toolset[]): boolean =>
  asked === null || sets.some((set) => asked.includes(set))

const isToolset = (name: string): name is Toolset => (TOOLSETS as readonly string[]).includes(name)
