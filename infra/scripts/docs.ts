/**
 * `npm run docs`: writes what documents repeat of the code (README tables, shared/tool-manifest.json, server.json).
 * `--check` writes nothing and fails where they differ.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { TOOLS } from '../../origin/tools/registry.ts'
import { EdgeConfig, EdgeServerOwn, OriginConfig } from '../../shared/config.ts'
import { SERVER_INFO } from '../../shared/server-info.ts'
import { clientsTable } from './docs/clients.ts'
import { listing } from './docs/listing.ts'
import { configTable, toolManifest, toolTable } from './docs/tables.ts'
import { projectRoot } from './local-state.ts'

const BLOCKS: Readonly<Record<string, () => string>> = {
  tools: () => toolTable(TOOLS),
  'edge configuration': () => configTable(EdgeConfig),
  'edge server configuration': () => configTable(EdgeServerOwn),
  'origin configuration': () => configTable(OriginConfig),
  'clients with a key': () => clientsTable('key', 'en'),
  'clients with oauth': () => clientsTable('oauth', 'en'),
  'clients with a key in japanese': () => clientsTable('key', 'ja'),
  'clients with oauth in japanese': () => clientsTable('oauth', 'ja'),
}

/** Replaces what stands between `<!-- generated: NAME -->` and `<!-- end -->`. */
function fill(text: string): string {
  return text.replaceAll(/(<!-- generated: ([a-z ]+) -->\n)[\s\S]*?(<!-- end -->)/g, (_, open, name, end) => {
    const block = BLOCKS[name as string]
    if (block === undefined) throw new Error(`no generator is called "${name as string}"`)
    return `${open as string}\n${block()}\n\n${end as string}`
  })
}

const check = process.argv.includes('--check')
const stale: string[] = []

function keep(path: string, text: string): void {
  const full = join(projectRoot, path)
  if (existsSync(full) && readFileSync(full, 'utf8') === text) return
  stale.push(path)
  if (!check) writeFileSync(full, text)
}

keep('shared/tool-manifest.json', toolManifest(TOOLS))
keep('server.json', listing(readFileSync(join(projectRoot, 'server.json'), 'utf8'), SERVER_INFO))
for (const path of ['README.md', 'README.ja.md'])
  if (existsSync(join(projectRoot, path))) keep(path, fill(readFileSync(join(projectRoot, path), 'utf8')))

if (stale.length === 0) console.log('Generated documents agree with the code.')
else if (check) {
  console.log(`Out of date: ${stale.join(', ')}. Run \`npm run docs\`.`)
  process.exitCode = 1
} else console.log(`Written: ${stale.join(', ')}.`)
