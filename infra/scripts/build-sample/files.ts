/** The sample's data files from the recordings: name to text. Pure but for `read`. */
import { formatJson } from './format-json.ts'
import { catalogueFile } from './catalogue.ts'
import { populationByAge } from './population-by-age.ts'
import { populationByPrefecture } from './population-by-prefecture.ts'
import { type Recordings, recordedTables } from './recorded-tables.ts'
import type { CatalogueFile } from '../../../origin/sample/catalogue-file.ts'

/**
 * @param read Gives the text of a recording by its name.
 * @param codes The official list of statistics codes, for tables known by name alone.
 */
export function sampleFiles(read: Recordings, codes: string): ReadonlyMap<string, string> {
  const catalogue = catalogueFile(read, codes)
  const tables = [
    ...recordedTables(read),
    populationByPrefecture(read),
    populationByAge(read, knownInfo(catalogue, '0003410380')),
  ]
  return new Map([
    ...tables.map((file) => [`${idOf(file.table_inf)}.json`, `${formatJson(file)}\n`] as const),
    ['catalogue.json', `${formatJson(catalogue)}\n`],
  ])
}

const idOf = (info: unknown): string => (info as { readonly '@id': string })['@id']

/** TABLE_INF of a table that is known by name alone: what the catalogue has of it and nothing else. */
function knownInfo({ groups }: CatalogueFile, id: string): unknown {
  for (const { statName, govOrg, statisticsName, tables } of groups)
    for (const [known, , title, total] of tables)
      if (known === id)
        return {
          '@id': id,
          STAT_NAME: { '@code': statName.code, $: statName.name },
          GOV_ORG: { '@code': govOrg.code, $: govOrg.name },
          STATISTICS_NAME: statisticsName,
          TITLE: title,
          OVERALL_TOTAL_NUMBER: total,
        }
  throw new Error(`The catalogue has no ${id}.`)
}
