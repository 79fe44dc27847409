/**
 * What completion and resources cost: `node test/bench/completion.bench.ts [--tables=230000]`. Completion alone against
 * a catalogue of e-Stat's size, then whole requests of POST /mcp in this process, an empty reply of the same stack
 * (`ping`) beside them as the measure.
 */
import { completeAreas } from '../../origin/completion/areas.ts'
import { completeDatasets } from '../../origin/completion/datasets.ts'
import { completeThemes } from '../../origin/completion/themes.ts'
import { buildIndex } from '../../origin/estat/search/index.ts'
import { generatedCatalogue } from '../../origin/standin/generate/catalogue.ts'
import { openOrigin } from '../origin/support/origin.ts'

const SEED = 20_261_120
const flag = process.argv.find((one) => one.startsWith('--tables='))
const tables = Number(flag?.slice(9) ?? 230_000)

async function time(name: string, rounds: number, work: () => unknown): Promise<void> {
  const began = performance.now()
  await work()
  const first = performance.now() - began
  for (let at = 0; at < rounds / 5; at += 1) await work()
  const each: number[] = []
  for (let at = 0; at < rounds; at += 1) {
    const start = performance.now()
    await work()
    each.push(performance.now() - start)
  }
  each.sort((a, b) => a - b)
  const at = (part: number): string => (each[Math.floor(each.length * part)] ?? 0).toFixed(3)
  process.stdout.write(`${name.padEnd(44)} first ${first.toFixed(1)} ms, p50 ${at(0.5)} ms, p99 ${at(0.99)} ms\n`)
}

const index = buildIndex([...generatedCatalogue({ seed: SEED, tables })].map((info) => ({ ...info, bundled: false })))
process.stdout.write(`${index.count.toLocaleString('en')} tables\n`)
for (const typed of ['', '横', 'よこ', 'yo']) await time(`area "${typed}"`, 500, () => completeAreas(typed, 'J'))
for (const typed of ['失業', 'unemp']) await time(`theme "${typed}"`, 500, () => completeThemes(typed, 'J'))
for (const typed of ['0', '00031', '人口', '労働力 都道府県'])
  await time(`table "${typed}"`, 100, () => completeDatasets(typed, index))

const origin = await openOrigin()
const post = async (method: string, params: object): Promise<void> => {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
  const headers = { 'x-api-key': origin.adminKey, 'content-type': 'application/json', accept: 'application/json' }
  const response = await origin.fetch(new Request('http://origin/mcp', { method: 'POST', headers, body }))
  const reply = (await response.json()) as { result?: object }
  if (!response.ok || reply.result === undefined) throw new Error(`${method}: ${JSON.stringify(reply)}`)
}
const byArea = { ref: { type: 'ref/prompt', name: 'region_profile' }, argument: { name: 'area', value: 'よこ' } }
await time('POST ping', 500, () => post('ping', {}))
await time('POST completion/complete, area', 500, () => post('completion/complete', byArea))
await time('POST prompts/list', 500, () => post('prompts/list', {}))
await time('POST resources/list', 500, () => post('resources/list', {}))
await time('POST prompts/get', 500, () =>
  post('prompts/get', { name: 'region_profile', arguments: { area: '横浜市' } }),
)
await time('POST resources/read, guide', 500, () => post('resources/read', { uri: 'estat://guide/search' }))
await time('POST resources/read, table', 200, () => post('resources/read', { uri: 'estat://dataset/0003410379' }))
await origin.close()
