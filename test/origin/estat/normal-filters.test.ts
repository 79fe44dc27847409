/** The normal form of filters and axes (`shared/cacheable`) selects what the filters as written do, or fails as they do. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { matchItems } from '../../../origin/estat/match-name.ts'
import { resolveFilters } from '../../../origin/estat/filters.ts'
import type { Axis, TableMeta } from '../../../origin/estat/model.ts'
import { fold } from '../../../origin/estat/text.ts'
import { filters, normaliseFilters } from '../../../shared/cacheable/filters.ts'
import { axisName } from '../../../shared/cacheable/normal.ts'
import { Fault } from '../../../shared/fault.ts'
import { sampleIds, sampleMeta } from './tables.ts'

const metas = await Promise.all(sampleIds.map(sampleMeta))

/** What a table's own words become under a hand that types. */
const typed = (word: string): fc.Arbitrary<string> =>
  fc.constantFrom(
    word,
    ` ${word}　`,
    word.normalize('NFKD'),
    word.toLowerCase(),
    word.replaceAll(' ', '　'),
    `${word},${word}`,
  )

const OTHERS = [
  'latest',
  ' 最新',
  '直近3年',
  'last 2 years ',
  '2020',
  '令和2年',
  '1-2',
  '東京',
  '総数',
  '',
  ' ',
  '[',
  '["2020"]',
]

function filterOf({ items }: Axis): fc.Arbitrary<unknown> {
  const own = items.slice(0, 12).flatMap(({ code, name }) => [code, name])
  const word = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...own) }, fc.constantFrom(...OTHERS)).chain(typed)
  // An end of blanks is left out, as "" is.
  const end = word.filter((text) => text === '' || text.trim() !== '')
  return fc.oneof(
    word,
    fc.array(fc.oneof(word, fc.array(word, { minLength: 1, maxLength: 2 })), { minLength: 1, maxLength: 3 }),
    fc.record({ from: end, to: end }, { requiredKeys: [] }),
    fc.record({ level: fc.constantFrom('1', ' ２', '1-2', '-3', 'x') }),
  )
}

const filtersOf = ({ axes }: TableMeta): fc.Arbitrary<Record<string, unknown>> =>
  fc
    .array(fc.constantFrom(...axes), { minLength: 1, maxLength: 2 })
    .chain((chosen) =>
      fc.tuple(
        ...chosen.map((axis) =>
          fc.tuple(fc.constantFrom(axis.id, axis.name, `cd${axis.id}`).chain(typed), filterOf(axis)),
        ),
      ),
    )
    .map((entries) => Object.fromEntries(entries))

function outcome(meta: TableMeta, given: Readonly<Record<string, unknown>>): unknown {
  try {
    return resolveFilters(meta, given)
  } catch (error) {
    // Of several mistakes the first is told, and the normal form has an order of its own.
    if (error instanceof Fault) return 'refused'
    throw error
  }
}

/** Resolving a name among the 1,900 areas of the largest table takes milliseconds. */
const runsFor = ({ axes }: TableMeta): number => (axes.some(({ items }) => items.length > 1000) ? 25 : 150)

it.each(metas.map((meta) => [meta.info.id, meta] as const))('table %s', (_id, meta) => {
  let selected = 0
  fc.assert(
    fc.property(filtersOf(meta), (given) => {
      const parsed = filters.parse(given)
      const asWritten = outcome(meta, parsed)
      if (typeof asWritten !== 'string') selected++
      expect(outcome(meta, normaliseFilters(parsed))).toEqual(asWritten)
    }),
    { numRuns: runsFor(meta) },
  )
  expect(selected).toBeGreaterThan(0)
})

it('the name of an axis loses nothing that is looked at', () => {
  const points = Array.from({ length: 0xd800 }, (_, point) => String.fromCodePoint(point))
  const changed = points.filter((sign) => sign.normalize('NFKC').toLowerCase().trim() !== sign)
  expect(changed.length).toBeGreaterThan(2500)
  for (const around of ['', 'A']) {
    const texts = changed.map((sign) => `${around}${sign}${around}`)
    expect(texts.filter((text) => fold(axisName(text)) !== fold(text))).toEqual([])
  }
  expect(axisName(' Ａrea　')).toBe('area')
})

it('what is looked for in an axis may lose the blanks around it', () => {
  for (const meta of metas)
    for (const axis of meta.axes)
      for (const { name } of axis.items.slice(0, 30))
        expect(matchItems(axis, ` ${name}　`)).toEqual(matchItems(axis, name))
})
