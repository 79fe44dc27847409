/** A table's id as a caller may write it: the ten digits, or the URL of the table's page. */

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

/** The ten digits, also of full-width ones; null for anything else: lost leading zeros are not completed. */
export function readTableId(input: string): string | null {
  const text = input.normalize('NFKC').trim()
  const id = idOfUrl(text) ?? text
  return /^\d{10}$/.test(id) ? id : null
}

/** The id, or the text as it is: the tool refuses it in its own words. */
export const tableId = (input: string): string => readTableId(input) ?? input
