/**
 * One tenant's jobs, files, tables and kept results, and another who knows their names: he is told of them what he is
 * told of what never was, to the byte (issue 5, "Isolation"; PRODUCT.md section 1, promise 11).
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TOOLS } from '../../origin/tools/registry.ts'
import { posting } from '../edge/fixture.ts'
import { type House, openHouse } from '../support/house.ts'
import { callOver, type HouseCaller, heard, houseCallers } from '../support/house-callers.ts'
import { askOrigin } from '../support/house-origin.ts'
import { type Belongings, DATASET, furnish } from '../support/house-tenants.ts'

/** In the names of everything of alpha's; the other is as long, and in no name. */
const [MARK, NEVER] = ['himitsu', 'nowhere']

/** Arguments that name something of a tenant's own. */
const PRIVATE = 'job_id s3_path s3_json_path s3_parquet_path table_name custom_query from_snapshot to_snapshot'.split(
  ' ',
)
/** Arguments that do not. A tool with another one is refused below until it is put on a list: then it is tried. */
const PLAIN =
  `query max_results auto_suggest scoring_method survey_years open_years stats_field stats_code collect_area search_kind
  updated_date cursor lang original_query accepted_keywords search kind find level data_type dataset_id axis save_to_s3
  convert_to_japanese max_rows filters layout derive max_records chunk_size wait_seconds local_json_path output_filename
  spread raw local_path return_content expires_in filename output_prefix create_if_not_exists mode analysis_type`.split(
    /\s+/,
  )
/** Names that the caller gives to what he makes: his own `himitsu_table` is not alpha's. */
const MAKES = ['load_to_iceberg table_name', 'ingest_dataset table_name']
const WITH: Readonly<Record<string, object>> = { custom_query: { analysis_type: 'custom' } }
const REFUSED = ['NOT_FOUND', 'QUERY_REJECTED', 'FORBIDDEN']
/** What a required argument is given. */
const FILLED: Readonly<Record<string, unknown>> = {
  dataset_id: DATASET,
  query: '人口',
  original_query: '給料',
  accepted_keywords: { 給料: '賃金' },
  kind: 'area',
  find: '府中市',
  filters: { area: '合計' },
}

let house: House
let alpha: Belongings
let beta: Belongings
let owner: HouseCaller
let byKey: HouseCaller
let administrator: HouseCaller
let byToken: HouseCaller
beforeAll(async () => {
  house = await openHouse()
  const callers = await houseCallers(house, '')
  const may = (tenant: string) => callers.filter((one) => one.tenant === tenant && one.scopes.some((s) => s !== 'read'))
  ;[owner] = may('alpha') as [HouseCaller]
  ;[byKey, administrator, byToken] = may('beta') as [HouseCaller, HouseCaller, HouseCaller]
  alpha = await furnish(house, owner, MARK)
  beta = await furnish(house, byKey, 'own')
})
afterAll(() => house.close())

const argumentsOf = (tool: (typeof TOOLS)[number]): readonly string[] => Object.keys(tool.input.shape)
function required(tool: (typeof TOOLS)[number], whose: Belongings): Record<string, unknown> {
  const needed = argumentsOf(tool).filter((name) => !tool.input.shape[name]?.safeParse(undefined).success)
  return Object.fromEntries(needed.map((name) => [name, whose.named[name] ?? FILLED[name]]))
}
const never = (name: string): string => {
  const real = alpha.named[name] ?? ''
  return /^\d+$/.test(real) ? String(BigInt(real) - 1n) : real.replaceAll(MARK, NEVER)
}
/** An answer without the name that was asked for. */
const without = (text: string, name: string): string =>
  text
    .replaceAll(MARK, '<name>')
    .replaceAll(NEVER, '<name>')
    .replaceAll(alpha.named[name] ?? '', '<name>')
    .replaceAll(never(name), '<name>')

const pairs = TOOLS.flatMap((tool) =>
  argumentsOf(tool)
    .filter((name) => PRIVATE.includes(name) && !MAKES.includes(`${tool.name} ${name}`))
    .map((name) => [tool, name] as const),
)
const ofAlpha = async () => {
  const kept = await house.origin.ports.store.list('')
  return kept.filter(({ key }) => key.includes('alpha/')).map(({ key, size, version }) => [key, size, version])
}

it('knows of every argument of every tool whether it names something of somebody’s', () => {
  const names = new Set(TOOLS.flatMap(argumentsOf))
  expect([...names].filter((name) => !PRIVATE.includes(name) && !PLAIN.includes(name))).toEqual([])
  expect(pairs.length).toBeGreaterThan(10)
})

describe('what is alpha’s', () => {
  it.each(pairs.map(([tool, name]) => [tool.name, name, tool] as const))(
    'is nothing to beta by %s %s',
    async (_tool, name, tool) => {
      const ask = (value: unknown) => ({ ...required(tool, beta), ...WITH[name], [name]: value })
      const own = { ...required(tool, alpha), ...WITH[name], [name]: alpha.named[name] }
      // Otherwise nothing is shown: there must be something to be kept from. Rows of fetches are shared by all.
      const { code } = await callOver(house, 'plain', owner, tool.name, own)
      expect(name === 's3_json_path' || !REFUSED.includes(code ?? '')).toBe(true)

      const nothing = await callOver(house, 'plain', byKey, tool.name, ask(never(name)))
      for (const who of [byKey, administrator]) {
        const there = await callOver(house, 'plain', who, tool.name, ask(alpha.named[name]))
        expect(there.code).toBe(name === 'custom_query' ? 'QUERY_REJECTED' : 'NOT_FOUND')
        expect([there.status, without(there.text, name)]).toEqual([nothing.status, without(nothing.text, name)])
      }
      const [there, not] = [
        await callOver(house, 'mcp', byToken, tool.name, ask(alpha.named[name])),
        await callOver(house, 'mcp', byToken, tool.name, ask(never(name))),
      ]
      expect([there.status, without(there.text, name)]).toEqual([not.status, without(not.text, name)])
    },
  )

  it('is nothing to an administrator who comes to the origin without the edge', async () => {
    for (const [tool, name] of pairs) {
      const args = { ...required(tool, beta), ...WITH[name], [name]: alpha.named[name] }
      const asked = { path: '/execute', body: { tool_name: tool.name, arguments: args } }
      const caller = { id: 'k', tenant: 'beta', scopes: ['admin'] as const }
      const { code } = await heard(await askOrigin(house, { ...asked, caller }))
      expect([tool.name, name, code]).toEqual([
        tool.name,
        name,
        name === 'custom_query' ? 'QUERY_REJECTED' : 'NOT_FOUND',
      ])
    }
  })

  it('is in no answer of any tool to beta, and not changed by what beta makes under the same names', async () => {
    const before = await ofAlpha()
    expect(before.length).toBeGreaterThan(5)
    const who = byKey
    for (const tool of TOOLS) {
      const { text, code } = await callOver(house, 'plain', who, tool.name, required(tool, beta))
      expect([tool.name, text.includes(MARK), code === 'INTERNAL_ERROR']).toEqual([tool.name, false, false])
    }
    const same = { table_name: alpha.named['table_name'], s3_parquet_path: beta.named['s3_parquet_path'] }
    expect(await callOver(house, 'plain', who, 'load_to_iceberg', same)).toMatchObject({ status: 200 })
    const csv = { dataset_id: DATASET, output_filename: MARK }
    expect(await callOver(house, 'plain', who, 'save_metadata_as_csv', csv)).toMatchObject({ status: 200 })
    expect(await ofAlpha()).toEqual(before)
  })

  it('is no resource of beta’s, where there are resources', async () => {
    const ask = async (who: HouseCaller, method: string, params: object) =>
      (
        await heard(
          await house.request(who.mcp, posting({ jsonrpc: '2.0', id: 1, method, params }, { ...who.headers })),
        )
      ).text
    const who = byKey
    for (const uri of [`estat://lake/${alpha.tenant}.x${MARK}`, `estat://file/alpha/csv/${MARK}.csv`])
      expect((await ask(who, 'resources/read', { uri })).replaceAll(MARK, NEVER)).toBe(
        await ask(who, 'resources/read', { uri: uri.replaceAll(MARK, NEVER) }),
      )
    expect(await ask(who, 'resources/list', {})).not.toContain('alpha')
  })
})
