import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { packRows } from '../../../origin/standin/packed-rows.ts'
import { asking, at, type Heard, valuesIn } from './ask.ts'
import { TOY_CELLS, TOY_ID, toyTable } from './toy.ts'

const ask = asking([toyTable()])
const data = (asked: Record<string, string>): Promise<Heard> => ask('getStatsData', { statsDataId: TOY_ID, ...asked })
const range = ({ body }: Heard): unknown => at(body, 'STATISTICAL_DATA', 'RESULT_INF')

describe('startPosition, limit and NEXT_KEY', () => {
  it.each([
    [{ limit: '4' }, { TOTAL_NUMBER: 9, FROM_NUMBER: 1, TO_NUMBER: 4, NEXT_KEY: 5 }],
    [
      { limit: '4', startPosition: '5' },
      { TOTAL_NUMBER: 9, FROM_NUMBER: 5, TO_NUMBER: 8, NEXT_KEY: 9 },
    ],
    [
      { limit: '4', startPosition: '9' },
      { TOTAL_NUMBER: 9, FROM_NUMBER: 9, TO_NUMBER: 9 },
    ],
    [{ limit: '9' }, { TOTAL_NUMBER: 9, FROM_NUMBER: 1, TO_NUMBER: 9 }],
    [
      { limit: '2', cdTab: '2' },
      { TOTAL_NUMBER: 3, FROM_NUMBER: 1, TO_NUMBER: 2, NEXT_KEY: 3 },
    ],
    [{ limit: '999999' }, { TOTAL_NUMBER: 9, FROM_NUMBER: 1, TO_NUMBER: 9 }],
    [{ startPosition: '10' }, { TOTAL_NUMBER: 9 }],
  ])('%j gives %j', async (asked, expected) => {
    expect(range(await data(asked))).toEqual(expected)
  })

  it('a position behind the last row is STATUS 1', async () => {
    expect(at((await data({ startPosition: '10' })).body, 'RESULT', 'STATUS')).toBe(1)
  })

  it.each([{ limit: '0' }, { limit: 'x' }, { startPosition: '0' }, { startPosition: '-1' }])(
    '%j is an error with HTTP 400',
    async (asked) => {
      const heard = await data(asked)
      expect(heard.http).toBe(400)
      expect(heard.body).not.toHaveProperty('STATISTICAL_DATA')
    },
  )

  it('gives 100,000 rows at most, and CLASS_INF complete on every page', async () => {
    const table = toyTable()
    const total = 100_001
    const items = Array.from({ length: total }, (_, index) => ({
      code: String(index),
      name: '',
      level: '1',
      unit: null,
      parentCode: null,
      addInf: null,
    }))
    const rows = items.map(({ code }, index) => ({ positions: [index], text: code, annotation: null }))
    const axis = { id: 'cat01', name: '', description: null, explanations: [], items }
    const long = asking([{ ...table, axes: [axis], rows: packRows(1, rows) }])
    const heard = await long('getStatsData', { statsDataId: TOY_ID, limit: '200000', metaGetFlg: 'N' })
    expect(range(heard)).toEqual({ TOTAL_NUMBER: total, FROM_NUMBER: 1, TO_NUMBER: 100_000, NEXT_KEY: 100_001 })
    expect(valuesIn(heard)).toHaveLength(100_000)
    expect(at(heard.body, 'PARAMETER', 'LIMIT')).toBe(200_000)
    const rest = await long('getStatsData', { statsDataId: TOY_ID, startPosition: '100001', metaGetFlg: 'N' })
    expect(valuesIn(rest)).toEqual([{ '@cat01': '100000', $: '100000' }])
  })

  it('pages put together are the whole, whatever the page, the narrowing and the cells', async () => {
    const condition = fc.constantFrom<Record<string, string>>({}, { cdTab: '1' }, { lvCat01: '2-' }, { cdTime: 'min' })
    const some = fc.subarray([...TOY_CELLS], { minLength: 1 })
    await fc.assert(
      fc.asyncProperty(some, condition, fc.integer({ min: 1, max: 10 }), async (cells, asked, limit) => {
        const ask = asking([toyTable({}, cells)])
        const whole = await ask('getStatsData', { statsDataId: TOY_ID, ...asked })
        const paged: unknown[] = []
        for (let next: number | undefined = 1; next !== undefined; ) {
          const startPosition = String(next)
          const page = await ask('getStatsData', { statsDataId: TOY_ID, ...asked, limit: String(limit), startPosition })
          paged.push(...valuesIn(page))
          next = at(page.body, 'STATISTICAL_DATA', 'RESULT_INF', 'NEXT_KEY') as number | undefined
        }
        expect(paged).toEqual(valuesIn(whole))
        expect(paged).toEqual(cells.filter((cell) => valuesIn(whole).some((value) => value['$'] === cell['$'])))
      }),
      { numRuns: 60 },
    )
  })
})
