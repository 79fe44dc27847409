/** The query string, and PARAMETER, which echoes it (reference/estat-api.md, 3.2). */
import { branch, type Element, leaf } from './tree.ts'

/** Parameters as sent; blank ones count as not sent. Names and values are case-sensitive. */
export type Parameters = ReadonlyMap<string, string>

/** The first value of each name. */
export function readParameters(query: URLSearchParams): Parameters {
  const sent = new Map<string, string>()
  for (const [name, value] of query) if (value !== '' && !sent.has(name)) sent.set(name, value)
  return sent
}

/** DATA_FORMAT: JSON or XML. CSV has no PARAMETER. */
export type DataFormat = 'J' | 'X'

/** One member of PARAMETER, in its place. */
export type Echo =
  | {
      readonly name: string
      /** The parameters it echoes; the first one sent counts. */
      readonly from: readonly string[]
      /** What stands where none was sent; nothing where absent. */
      readonly otherwise?: string
    }
  | { readonly build: (sent: Parameters, format: DataFormat) => Element | null }

export const echoes = (name: string, from: string | readonly string[], otherwise?: string): Echo => ({
  name,
  from: typeof from === 'string' ? [from] : from,
  ...(otherwise === undefined ? {} : { otherwise }),
})

export const ECHO_FORMAT: Echo = { build: (_sent, format) => leaf('DATA_FORMAT', format) }

/** PARAMETER. appId is never part of it. */
export const parameterElement = (sent: Parameters, echo: readonly Echo[], format: DataFormat): Element =>
  branch(
    'PARAMETER',
    echo.flatMap((member) => {
      if ('build' in member) return member.build(sent, format) ?? []
      const value = member.from.map((name) => sent.get(name)).find((text) => text !== undefined) ?? member.otherwise
      return value === undefined ? [] : leaf(member.name, value)
    }),
  )

/** A flag that is on unless it was sent as N. */
export const unlessN = (sent: Parameters, name: string): boolean => sent.get(name) !== 'N'
