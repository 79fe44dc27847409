/** The guides say what is so: tools, arguments, codes and words of time are tried on the real thing. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { PLACES } from '../../../origin/estat/search/municipalities.ts'
import { periodOf } from '../../../origin/estat/time.ts'
import { GUIDES } from '../../../origin/resources/guide.ts'
import { estimateTokens } from '../../../origin/tools/budget.ts'
import { TOOLS } from '../../../origin/tools/registry.ts'
import { execute, openOrigin, type TestOrigin } from '../support/origin.ts'

let origin: TestOrigin
beforeAll(async () => {
  origin = await openOrigin()
})
afterAll(() => origin.close())

const of = (topic: string): string => {
  const guide = GUIDES.find((one) => one.topic === topic)
  return `${guide?.text.J}\n${guide?.text.E}`
}

it('are short, and say the same codes and names in both languages', () => {
  for (const { topic, text } of GUIDES) {
    for (const words of [text.J, text.E]) expect(estimateTokens(words), topic).toBeLessThan(700)
    const codes = (words: string): string[] => [...new Set(words.match(/\d{5,}|[a-z]+(?:_[a-z]+)+/g))].toSorted()
    expect(codes(text.J), topic).toEqual(codes(text.E))
  }
})

it('name tools, arguments and members that exist', () => {
  const members = TOOLS.flatMap((tool) => [tool.name, ...Object.keys(tool.input.shape)])
  // Of the rows of search and of the roles of codes.
  const known = new Set([...members, 'newer_edition', 'survey_date', 'of_which'])
  const named = GUIDES.flatMap(({ text }) => text.E.match(/\b[a-z]+(?:_[a-z]+)+\b/g) ?? [])
  expect(named.length).toBeGreaterThan(15)
  expect(named.filter((word) => !known.has(word))).toEqual([])
})

it('area codes are those of the list', () => {
  const name = (code: string) => PLACES.find((place) => place.code === code)?.name
  expect(['00000', '13000', '13104', '01100', '01101', '13206', '34208'].map(name)).toEqual([
    '全国',
    '東京都',
    '東京都 新宿区',
    '北海道 札幌市',
    '北海道 札幌市 中央区',
    '東京都 府中市',
    '広島県 府中市',
  ])
  for (const code of ['00000', '13000', '13104', '01100', '01101', '13206', '34208'])
    expect(of('area-codes')).toContain(code)
})

it('time codes mean what the table of them says', () => {
  const kind = (code: string) => periodOf({ code, name: '' }).kind
  const told = ['2020000000', '2020100000', '2020010000', '2020000103', '2020001212', '1001']
  expect(told.map(kind)).toEqual(['year', 'fiscal_year', 'half', 'quarter', 'month', 'other'])
  for (const code of told) expect(of('time-codes')).toContain(code)
})

it.each(['令和2年', { from: '2015', to: '2020' }, 'latest', 'last 5 years'])('time takes %j', async (time) => {
  const quoted = typeof time === 'string' ? `"${time}"` : '{"from": "2015", "to": "2020"}'
  expect(of('time-codes')).toContain(quoted)
  const filters = { time, area: '13000' }
  const answer = await execute(origin, 'fetch_dataset_filtered', { dataset_id: '0003410379', filters })
  expect(answer.success, answer.error?.message).toBe(true)
})
