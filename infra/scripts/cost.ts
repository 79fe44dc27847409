/** `npm run cost [-- --write]`: what a home on AWS costs at rest, from the templates' sizes; `--write` puts it into the page. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readTemplate, TEMPLATES } from './cloudformation/read.ts'
import { withTables } from './cost/page.ts'
import { costTable, priceTable } from './cost/table.ts'

const templates = {
  global: readTemplate('edge-global.yaml'),
  home: readTemplate('home.yaml'),
  watch: readTemplate('watch.yaml'),
}
if (process.argv.includes('--write')) {
  const page = join(TEMPLATES, 'README.md')
  writeFileSync(page, withTables(readFileSync(page, 'utf8'), templates))
} else process.stdout.write(`${costTable(templates)}\n\n${priceTable()}\n`)
