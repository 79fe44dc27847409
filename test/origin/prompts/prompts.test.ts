/** Prompts by clients of both lines: what is listed, completed, said and refused; and the server's instructions. */
import { getEncoding } from 'js-tiktoken'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { INSTRUCTIONS } from '../../../origin/instructions.ts'
import { PROMPTS } from '../../../origin/prompts/register-prompts.ts'
import { TOOLS } from '../../../origin/tools/registry.ts'
import type { Caller } from '../../../shared/server-info.ts'
import { type AnyClient, LINES, openForCallers, type OriginForCallers } from '../support/mcp-clients.ts'

const OWNER: Caller = { id: 'owner', tenant: 'ours', scopes: ['lake'] }
const READER: Caller = { id: 'reader', tenant: 'ours', scopes: ['read'] }

const encoding = getEncoding('o200k_base')
const tokens = (text: string): number => encoding.encode(text).length

let origin: OriginForCallers
beforeAll(async () => {
  origin = await openForCallers()
})
afterAll(() => origin.close())

const said = async (client: AnyClient, name: string, args: Record<string, string>): Promise<string> => {
  const { messages } = await client.getPrompt({ name, arguments: args })
  expect(messages).toHaveLength(1)
  const [{ role, content } = { role: null, content: null }] = messages
  expect(role).toBe('user')
  return content?.type === 'text' ? content.text : ''
}

/** Each once with the least, once with every argument. */
const CASES: readonly (readonly [string, Record<string, string>])[] = [
  ['region_profile', { area: 'とうきょう' }],
  ['region_profile', { area: 'Yokohama', themes: '人口, 産業', lang: 'E' }],
  ['region_profile', { area: 'Fuchu', lang: 'E' }],
  ['compare_prefectures', { indicator: '失業率' }],
  ['compare_prefectures', { indicator: 'birth rate', prefectures: 'Tokyo, 大阪府', period: '2020', lang: 'E' }],
  ['time_series', { indicator: '消費者物価指数' }],
  ['time_series', { indicator: 'population', area: 'おおさか', from: '1990', lang: 'E' }],
  ['lake_table', { dataset_id: '0003410379' }],
  [
    'lake_table',
    {
      dataset_id: 'https://www.e-stat.go.jp/dbview?sid=0003410379',
      question: 'Where did it fall?',
      table_name: 'people',
      lang: 'E',
    },
  ],
]

describe.each(LINES)('a client of %s', (line) => {
  let owner: AnyClient
  let reader: AnyClient
  beforeAll(async () => {
    ;[owner, reader] = await Promise.all([origin.client(line, OWNER), origin.client(line, READER)])
  })
  afterAll(() => Promise.all([owner.close(), reader.close()]))

  it('sees the prompts that its scope allows, in one order', async () => {
    const names = async (client: AnyClient) => (await client.listPrompts()).prompts.map(({ name }) => name)
    expect(await names(owner)).toEqual(PROMPTS.map(({ name }) => name))
    expect(await names(reader)).toEqual(['region_profile', 'compare_prefectures', 'time_series'])
    await expect(reader.getPrompt({ name: 'lake_table', arguments: { dataset_id: '0003410379' } })).rejects.toThrow(
      'not found',
    )
  })

  it.each(CASES)('%s %j', async (name, args) => {
    const text = await said(owner, name, args)
    const isEnglish = args['lang'] === 'E'
    expect(text).toMatch(isEnglish ? /\nCitation: .*source\.citation/ : /\n出典：.*source\.citation/)
    expect(text).not.toMatch(/undefined|null"|\[object/)
    const named = text.match(/\b[a-z]+(?:_[a-z]+)+\b/g) ?? []
    const members = TOOLS.flatMap((tool) => [...Object.keys(tool.input.shape), ...Object.keys(tool.output.shape)])
    const known = new Set([...TOOLS.map((tool) => tool.name), ...members, 'newer_edition', 'change_pct'])
    expect(named.filter((word) => !known.has(word))).toEqual([])
    expect(tokens(text)).toBeLessThan(700)
  })

  it('puts what was asked into the message', async () => {
    const profile = await said(owner, 'region_profile', { area: 'よこはま' })
    for (const words of ['"area": "14100"', '["14000","00000"]', 'collect_area "3"']) expect(profile).toContain(words)
    expect(await said(owner, 'region_profile', { area: '東京' })).toContain('collect_area "2"、')
    const compared = await said(owner, 'compare_prefectures', { indicator: '賃金', prefectures: 'とうきょう、Osaka' })
    expect(compared).toContain('["13000","27000"]')
    expect(compared).toContain('東京都、大阪府を「賃金」で')
    expect(await said(owner, 'time_series', { indicator: '人口', from: '1990' })).toContain('"time": {"from": "1990"}')
    const lake = await said(owner, 'lake_table', { dataset_id: '0003410379', question: 'なぜ減ったか' })
    for (const words of ['FROM ours.d_0003410379', 'なぜ減ったか', 'table_name "d_0003410379"'])
      expect(lake).toContain(words)
  })

  it.each([
    ['region_profile', {}, 'INVALID_PARAMETER'],
    ['region_profile', { area: '' }, 'INVALID_PARAMETER'],
    ['region_profile', { area: '府中市' }, 'AMBIGUOUS_NAME'],
    ['region_profile', { area: '東京都\u0007' }, 'INVALID_PARAMETER'],
    ['region_profile', { area: '東'.repeat(101) }, 'INVALID_PARAMETER'],
    ['region_profile', { area: '東京都', region: 'x' }, 'INVALID_PARAMETER'],
    ['region_profile', { area: '東京都', lang: 'F' }, 'INVALID_PARAMETER'],
    ['compare_prefectures', { indicator: '人口', prefectures: '東京都, 横浜市' }, 'INVALID_PARAMETER'],
    ['compare_prefectures', { indicator: '人口', prefectures: '東京都, Narnia' }, 'INVALID_PARAMETER'],
    ['compare_prefectures', { indicator: '人口', prefectures: '東京都, 全国' }, 'INVALID_PARAMETER'],
    ['time_series', { indicator: '!!' }, 'INVALID_PARAMETER'],
    ['time_series', { indicator: '人口', from: 'abc' }, 'INVALID_PARAMETER'],
    ['lake_table', { dataset_id: '123' }, 'INVALID_PARAMETER'],
    ['lake_table', { dataset_id: '0003410379', table_name: 'DROP TABLE x' }, 'INVALID_PARAMETER'],
  ])('refuses %s %j with %s', async (name, args, code) => {
    const error: unknown = await owner.getPrompt({ name, arguments: args }).catch((one: unknown) => one)
    expect(error).toMatchObject({
      code: -32_602,
      data: { prompt: name, code, hint: expect.stringMatching(/./) },
    })
  })

  it('completes areas, themes, table ids and languages', async () => {
    const values = async (name: string, argument: string, value: string, chosen: Record<string, string> = {}) => {
      const ref = { type: 'ref/prompt' as const, name }
      const asked = { ref, argument: { name: argument, value }, context: { arguments: chosen } }
      return (await owner.complete(asked)).completion.values
    }
    expect(await values('region_profile', 'area', 'よこは')).toEqual(['神奈川県 横浜市'])
    expect((await values('region_profile', 'area', '', { lang: 'E' }))[13]).toBe('Tokyo')
    expect(await values('region_profile', 'themes', 'げ')).toEqual([])
    expect(await values('region_profile', 'themes', '人口、失業')).toContain('人口、失業率')
    expect(await values('region_profile', 'themes', '人口, ')).not.toContain('人口, 人口')
    expect(await values('region_profile', 'themes', '人口, ')).toContain('人口, 世帯')
    expect(await values('compare_prefectures', 'indicator', 'unemp')).toContain('unemployment rate')
    expect(await values('compare_prefectures', 'prefectures', '東京都, かな')).toEqual(['東京都, 神奈川県'])
    expect(await values('time_series', 'indicator', '労働力調')).toContain('労働力調査')
    expect(await values('time_series', 'area', 'Osa')).toEqual(['Osaka', 'Osaka-shi'])
    expect(await values('lake_table', 'dataset_id', '000341038')).toEqual(['0003410380', '0003410381'])
    expect(await values('lake_table', 'lang', '')).toEqual(['J', 'E'])
    expect(await values('lake_table', 'question', 'x')).toEqual([])
    await expect(values('no_such_prompt', 'area', 'x')).rejects.toMatchObject({ code: -32_602 })
  })
})

it('every argument is described, is a text, and every choice is completed', () => {
  for (const { name, input, complete } of PROMPTS) {
    for (const [argument, schema] of Object.entries(input.shape))
      expect((schema as { description?: string }).description, `${name}.${argument}`).toMatch(/./)
    expect(Object.keys(input.shape)).toEqual(expect.arrayContaining(Object.keys(complete)))
    expect(complete).toHaveProperty('lang')
  }
})

it('lists of prompts, resources and templates are as committed, and cost under 2,000 tokens', async () => {
  const { store, tables } = origin.ports
  const client = await origin.client('2.x', OWNER)
  const lists = async () => ({
    ...(await client.listPrompts(undefined, { cacheMode: 'refresh' })),
    ...(await client.listResourceTemplates(undefined, { cacheMode: 'refresh' })),
    ...(await client.listResources(undefined, { cacheMode: 'refresh' })),
  })
  const { prompts, resourceTemplates, resources } = await lists()
  const shown = { prompts, resourceTemplates, resources }
  await expect(`${JSON.stringify(shown, null, 2)}\n`).toMatchFileSnapshot('../../snapshots/lists.json')
  expect(tokens(JSON.stringify(shown))).toBeLessThan(1_300)

  // Of a tenant who keeps much, no more is listed than this.
  for (let at = 0; at < 15; at += 1)
    await store.put(`ours/csv/人口推計_都道府県別_${at}.csv`, new TextEncoder().encode('a\n1\n'))
  Object.assign(tables, { list: async () => Array.from({ length: 15 }, (_, at) => `d_00034103${at + 10}`) })
  const full = await lists()
  expect(full.resources).toHaveLength(19)
  expect(tokens(JSON.stringify({ ...shown, resources: full.resources }))).toBeLessThan(2_000)
  await client.close()
})

it('the instructions stay short and name tools that exist', () => {
  expect(tokens(INSTRUCTIONS)).toBeLessThanOrEqual(250)
  const named = INSTRUCTIONS.match(/\b[a-z]+(?:_[a-z]+)+\b/g) ?? []
  const known = new Set([...TOOLS.map(({ name }) => name), 'job_id', 'next_cursor'])
  expect(named.length).toBeGreaterThan(5)
  expect(named.filter((name) => !known.has(name))).toEqual([])
})
