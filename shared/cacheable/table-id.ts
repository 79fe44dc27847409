/** A table's id as a caller may write it: the ten digits, or an address of e-Stat that names the table. */

const PAGES: readonly (readonly [host: RegExp, path: RegExp, parameter: string])[] = [
  [/^(?:www\.)?e-stat\.go\.jp$/, /^(?:\/en)?\/dbview$/, 'sid'],
  [/^(?:www\.)?e-stat\.go\.jp$/, /^(?:\/en)?\/stat-search\/database$/, 'statdisp_id'],
  // The interface's own (manual 3.0, 2.2): its other parameters, an application ID among them, are not looked at.
  [/^api\.e-stat\.go\.jp$/, /^\/rest\/[\d.]+\/app\/(?:json\/)?\w+$/, 'statsDataId'],
]

function idOfUrl(text: string): string | null {
  const address = /^(?:www\.|api\.)?e-stat\.go\.jp\//.test(text) ? `https://${text}` : text
  if (!URL.canParse(address)) return null
  const { protocol, hostname, pathname, searchParams } = new URL(address)
  if (!/^https?:$/.test(protocol)) return null
  const parameter = PAGES.find(([host, path]) => host.test(hostname) && path.test(pathname))?.[2]
  return parameter === undefined ? null : searchParams.get(parameter)
}

/** A name before it, quotes and brackets around it, blanks and hyphens in it: `statsDataId=0003 4482 37`. */
const bareId = (text: string): string =>
  text
    .replace(/^(?:stats_?data_?id|dataset_?id|statdisp_?id|sid|id)\s*[=:]\s*/i, '')
    .replace(/^(["'([「])(.*)(["')\]」])$/, '$2')
    .replace(/(?<=\d)[\s-](?=\d)/g, '')

/** The ten digits, also of full-width ones; null for anything else: lost leading zeros are not completed. */
export function readTableId(input: string): string | null {
  const text = input.normalize('NFKC').trim()
  const id = idOfUrl(text) ?? bareId(text)
  return /^\d{10}$/.test(id) ? id : null
}

/** The id, or the text as it is: the tool refuses it in its own words. */
export const tableId = (input: string): string => readTableId(input) ?? input
