/** What the edge keeps of one tenant's calls, asked for by another (issue 5, "Isolation"). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { EdgeOptions } from '../../edge/app.ts'
import { CACHEABLE } from '../../shared/cacheable/index.ts'
import { type House, openHouse } from '../support/house.ts'
import { callOver, type Heard, type HouseCaller, houseCallers } from '../support/house-callers.ts'

/** A call of each tool whose answers are kept, by its name. */
const ARGS: Readonly<Record<string, object>> = {
  search_estat_data: { query: '人口' },
  describe_dataset: { dataset_id: '0003280145' },
  fetch_dataset_auto: { dataset_id: '0003280145', max_rows: 3 },
  fetch_dataset_filtered: { dataset_id: '0003280145', filters: { area: '合計' }, max_rows: 3 },
  lookup: { kind: 'area', find: '府中市' },
  search_files: { query: '人口' },
}
const TOOLS = Object.keys(CACHEABLE)

/** The edge as if every tool that it keeps answers of answered from a tenant's own things. */
const perTenant = ({ manifest }: EdgeOptions): Partial<EdgeOptions> => ({
  manifest: {
    tools: manifest.tools.map((tool) => ({
      ...tool,
      cache: tool.cache && { ...tool.cache, partition: 'tenant' as const },
    })),
  },
})

interface Scene {
  readonly house: House
  /** As a tenant's caller with one scope, by plain HTTP. */
  readonly ask: (
    tenant: string,
    scope: 'read' | 'lake',
    tool: string,
    headers?: Record<string, string>,
  ) => Promise<Heard>
}

async function scene(edge: typeof perTenant = () => ({})): Promise<Scene> {
  const house = await openHouse({ edge })
  const callers = await houseCallers(house, '')
  const find = (tenant: string, scope: string) =>
    callers.find((one) => one.tenant === tenant && one.scopes[0] === scope) as HouseCaller
  return {
    house,
    ask(tenant, scope, tool, headers = {}) {
      const who = find(tenant, scope)
      return callOver(house, 'plain', { ...who, headers: { ...who.headers, ...headers } }, tool, ARGS[tool])
    },
  }
}

it('is tried with every tool whose answers are kept', () => {
  expect(TOOLS.filter((name) => ARGS[name] === undefined)).toEqual([])
})

describe('answers that are a tenant’s own', () => {
  let own: Scene
  beforeAll(async () => {
    own = await scene(perTenant)
  })
  afterAll(() => own.house.close())

  it.each(TOOLS)('%s: are kept for that tenant and no other', async (tool) => {
    const states: (string | null)[] = []
    const first = await own.ask('alpha', 'read', tool)
    states.push(first.cache)
    for (const tenant of ['alpha', 'beta', 'beta', 'alpha']) states.push((await own.ask(tenant, 'read', tool)).cache)
    // The bundled sample has no files to search: an error is kept for nobody.
    const kept = first.status === 200 ? 'HIT' : 'MISS'
    expect(states).toEqual(['MISS', kept, 'MISS', kept, kept])
  })

  it('share no flight with another tenant’s question', async () => {
    const fresh = await scene(perTenant)
    const tenants = ['alpha', 'beta', 'alpha', 'beta', 'alpha']
    const answers = await Promise.all(tenants.map((tenant) => fresh.ask(tenant, 'read', 'describe_dataset')))
    expect(answers.map(({ cache }) => String(cache)).toSorted()).toEqual([
      'COALESCED',
      'COALESCED',
      'COALESCED',
      'MISS',
      'MISS',
    ])
    expect(fresh.house.passed).toHaveLength(2)
    await fresh.house.close()
  })
})

describe('answers about public statistics', () => {
  let shared: Scene
  beforeAll(async () => {
    shared = await scene()
  })
  afterAll(() => shared.house.close())

  it.each(TOOLS)('%s: are the same for all, and say nothing of who asked first', async (tool) => {
    const first = await shared.ask('alpha', 'read', tool)
    const second = await shared.ask('beta', 'read', tool)
    expect([second.status, second.text]).toEqual([first.status, first.text])
    expect(first.text).not.toContain('alpha')
  })

  it.each(TOOLS.filter((tool) => 'keeps' in (CACHEABLE[tool] ?? {})))(
    '%s: are no answers of calls that keep rows',
    async (tool) => {
      // Filled by those who read, and by those who keep; then the other way round.
      const kept = await shared.ask('alpha', 'lake', tool)
      expect([kept.status, kept.cache]).toEqual([200, 'BYPASS'])
      expect(kept.text).toMatch(/"s3_json_path":"s3:/)
      for (const tenant of ['alpha', 'beta']) {
        const { text, status } = await shared.ask(tenant, 'read', tool)
        expect([status, /"s3_json_path":"s3:/.test(text)]).toEqual([200, false])
      }
      expect((await shared.ask('beta', 'lake', tool)).cache).toBe('BYPASS')
    },
  )
})
