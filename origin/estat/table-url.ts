/** A table's id and its page at e-Stat. */
import { fault } from '../../shared/fault.ts'

/** The page of a table (PRODUCT.md, promise 2). */
export const tableUrl = (id: string): string => `https://www.e-stat.go.jp/dbview?sid=${id}`

const PAGES: readonly (readonly [path: RegExp, parameter: string])[] = [
  [/^(?:\/en)?\/dbview$/, 'sid'],
  [/^(?:\/en)?\/stat-search\/database$/, 'statdisp_id'],
]

function idOfUrl(text: string): string | null {
  if (!URL.canParse(text)) return null
  const { protocol, hostname, pathname, searchParams } = new URL(text)
  if (!/^https?:$/.test(protocol) || !/^(?:www\.)?e-stat\.go\.jp$/.test(hostname)) return null
  const parameter = PAGES.find(([path]) => path.test(pathname))?.[1]
  return parameter === undefined ? null : searchParams.get(parameter)
}

/**
 * The ten digits a caller means: the id itself, also in full-width digits, or the URL of the table's page.
 * @throws Fault INVALID_PARAMETER for anything else; an id that has lost its leading zeros is not completed.
 */
export function parseTableId(input: string): string {
  const text = input.normalize('NFKC').trim()
  const id = idOfUrl(text) ?? text
  if (/^\d{10}$/.test(id)) return id
  throw fault('INVALID_PARAMETER', `"${text.slice(0, 60)}" is not a table id (statsDataId).`, {
    hint: 'An id has exactly ten digits, leading zeros included, e.g. "0003410379". Find one with search_estat_data.',
  })
}
