/**
 * Makes `origin/estat/search/data/surveys.json` from e-Stat's list of statistics codes (政府統計コード一覧, CSV):
 * `node infra/scripts/build-surveys.ts <gov_stats_codes.csv>`. The list was taken from a printed table, where some
 * names ran into the next line and some organisations into nothing: `repairs.ts` says which, and what is put instead.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { readCsv } from './build-sample/read-csv.ts'
import { surveysFile } from './build-surveys/surveys-file.ts'

const [, , source] = process.argv
if (source === undefined) throw new Error('Name the CSV file with the statistics codes.')
const target = new URL('../../origin/estat/search/data/surveys.json', import.meta.url)
writeFileSync(target, surveysFile(readCsv(readFileSync(source, 'utf8'))))
