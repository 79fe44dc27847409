/**
 * `npm run bench:mcp [-- --rounds 5 --calls 3000]`: what a cheap call costs the origin, as a ratio within this run to a
 * minimal server of the same SDK on the same HTTP stack with schemas made once. CPU time of the serving process, not
 * the clock's; both eras; 32 connections.
 *
 * 1. `tools/call` of a tool that does nothing (`get_estat_table_url`) against a minimal server with that one tool.
 * 2. `tools/list` against a minimal server with the same tools, schemas and all.
 *
 * The origin is the real one (`origin/main.ts`): it knows who asks, validates, counts and logs. What it takes to know
 * who asks is measured by itself as well: the minimal server asks nobody.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { newKey } from '../../shared/keys.ts'
import { median } from './http-load.ts'
import { authenticationCost } from './mcp-authentication.ts'
import { ERAS, type Exchange, listOf, messageOf, send } from './mcp-load.ts'
import { type Measured, startMeasured } from './mcp-server.ts'

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, calls: { type: 'string', default: '3000' } },
})
const [rounds, calls] = [Number(values.rounds), Number(values.calls)]
const TOOL = 'get_estat_table_url'
const folder = mkdtempSync(join(tmpdir(), 'bench-mcp-'))

async function minimal(name: string, tools: readonly object[]): Promise<Measured> {
  const file = join(folder, `${name}.json`)
  writeFileSync(file, JSON.stringify(tools))
  return startMeasured(new URL('./mcp-minimal.ts', import.meta.url), { MINIMAL_TOOLS: file })
}

const admin = await newKey((count) => crypto.getRandomValues(new Uint8Array(count)), { tenant: 'estat', scopes: [] })
const key = { 'x-api-key': admin.text }
const origin = await startMeasured(new URL('../../origin/main.ts', import.meta.url), {
  ESTAT_DATA_DIR: join(folder, 'data'),
  ESTAT_CATALOGUE: 'off',
  ORIGIN_ADMIN_KEYS: `${admin.id}:${admin.record.hash}`,
})
const tools = await listOf(origin.url, key)
const one = await minimal(
  'one',
  tools.filter(({ name }) => name === TOOL),
)
const all = await minimal('all', tools)

const { adminMs, tokenMs } = await authenticationCost(admin, calls)

interface Round {
  readonly ours: Exchange
  readonly theirs: Exchange
}

/** One after the other, so that a change of the machine's mood meets both. */
async function compare(what: string, message: ReturnType<typeof messageOf>, other: Measured): Promise<void> {
  const done: Round[] = []
  // The first round of each warms both up.
  for (let round = 0; round <= rounds; round++) {
    const theirs = await send(other, message, {}, calls)
    const ours = await send(origin, message, key, calls)
    if (round > 0) done.push({ ours, theirs })
  }
  const of = (pick: (round: Round) => number): string => median(done.map(pick)).toFixed(2)
  console.log(
    `${what.padEnd(26)} ${of(({ ours }) => ours.cpuMs)} ms CPU, minimal ${of(({ theirs }) => theirs.cpuMs)} ms: ` +
      `ratio ${of(({ ours, theirs }) => ours.cpuMs / theirs.cpuMs)}, ` +
      `without who asks ${of(({ ours, theirs }) => (ours.cpuMs - adminMs) / theirs.cpuMs)}; ` +
      `p99 ${of(({ ours }) => ours.p99)} ms, minimal ${of(({ theirs }) => theirs.p99)} ms`,
  )
}

try {
  const bytes = JSON.stringify(tools).length
  console.log(
    `\n== MCP: ${calls} calls a round, 32 connections, median of ${rounds} rounds; ${tools.length} tools, ${bytes} bytes`,
  )
  console.log(
    `   who asks: ${adminMs.toFixed(2)} ms CPU for an administrator's key, as here; ${tokenMs.toFixed(2)} ms for the edge's token`,
  )
  for (const era of ERAS) {
    const call = messageOf(era, 'tools/call', { name: TOOL, arguments: { dataset_id: '0003410379' } })
    await compare(`tools/call ${era}`, call, one)
    await compare(`tools/list ${era}`, messageOf(era, 'tools/list', {}), all)
  }
} finally {
  await Promise.all([origin, one, all].map((server) => server.close()))
  rmSync(folder, { recursive: true, force: true })
}
