/**
 * Makes origin/sample/data from recorded answers of e-Stat: `node infra/scripts/build-sample.ts [folder of recordings]`.
 * Run by the maintainers when a recording is added; the output is committed, and a test compares the two.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { sampleFiles } from './build-sample/files.ts'

const root = resolve(import.meta.dirname, '../..')
const recordings = resolve(process.argv[2] ?? resolve(root, '../shared/data/estat'))
const codes = readFileSync(resolve(recordings, '../../reference/gov_stats_codes.csv'), 'utf8')

for (const [name, text] of sampleFiles((recording) => readFileSync(resolve(recordings, recording), 'utf8'), codes)) {
  writeFileSync(resolve(root, 'origin/sample/data', name), text)
  console.log(`${name}: ${text.length.toLocaleString('en')} characters`)
}
