import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { asking, codesIn, valuesIn } from './ask.ts'
import { TOY_CELLS, TOY_ID, toyTable } from './toy.ts'

const ask = asking([toyTable()])
const LEVELS: Readonly<Record<string, number>> = { '000': 1, '020': 2, '#H1': 3 }

it('leaves the cells that meet every condition, whatever the conditions', async () => {
  const code = fc.constantFrom('000', '020', '#H1', 'none')
  const condition = fc.record(
    {
      cdTab: fc.constantFrom('1', '2'),
      cdCat01: fc.subarray(['000', '020', '#H1', 'none'], { minLength: 1 }),
      cdCat01From: code,
      cdCat01To: code,
      lvCat01: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })),
      cdTimeFrom: fc.constantFrom('2015000000', '2016000000', '2021000000'),
    },
    { requiredKeys: [] },
  )
  await fc.assert(
    fc.asyncProperty(condition, async ({ cdCat01, lvCat01, ...plain }) => {
      const heard = await ask('getStatsData', {
        statsDataId: TOY_ID,
        ...plain,
        ...(cdCat01 && { cdCat01: cdCat01.join(',') }),
        ...(lvCat01 && { lvCat01: lvCat01.join('-') }),
      })
      const meetsCategory = (one: string): boolean =>
        (cdCat01?.includes(one) ?? true) &&
        one >= (plain.cdCat01From ?? '') &&
        one <= (plain.cdCat01To ?? '\uffff') &&
        (lvCat01 === undefined || ((LEVELS[one] ?? 0) >= lvCat01[0] && (LEVELS[one] ?? 0) <= lvCat01[1]))
      expect(valuesIn(heard)).toEqual(
        TOY_CELLS.filter(
          (cell) =>
            cell['@tab'] === (plain.cdTab ?? cell['@tab']) &&
            meetsCategory(String(cell['@cat01'])) &&
            String(cell['@time']) >= (plain.cdTimeFrom ?? ''),
        ),
      )
      expect(codesIn(heard)['cat01']).toEqual(Object.keys(LEVELS).filter(meetsCategory))
    }),
  )
})
