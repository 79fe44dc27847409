/** The bundled figures against the recordings they were taken from. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { sampleFiles } from '../../../infra/scripts/build-sample/files.ts'
import { BUNDLED_TABLES, loadSample } from '../../../origin/sample/load-sample.ts'
import type { StandinTable } from '../../../origin/standin/table.ts'
import { readCells, readRecording, recordingsPresent, valueRecordings } from '../../recordings.ts'

/**
 * Left out of the bundle: ten of 403,227 rows, two of 403,425, and cells whose names were not recorded. They are not
 * figures that an answer could stand on.
 */
const NOT_BUNDLED = [
  'statsdata_0000020202_limit10.json',
  'statsdata_0003286680_nextkey_excerpt.csv',
  'datainf_0003445078_census2020.json',
]
const bundledRecordings = valueRecordings.filter((file) => !NOT_BUNDLED.includes(file))

interface Cell {
  readonly codes: Readonly<Record<string, string>>
  readonly names: Readonly<Record<string, string>>
  readonly text: string
  readonly unit: string | null
}

function cellsOf({ axes, rows }: StandinTable): readonly Cell[] {
  const all = rows.scan(
    axes.map(() => null),
    1,
    rows.total,
  )
  return Array.from(all, ({ positions, text }) => {
    const items = axes.map((axis, index) => [axis.id, axis.items[positions[index] ?? -1]] as const)
    return {
      codes: Object.fromEntries(items.map(([axis, item]) => [axis, item?.code ?? ''])),
      names: Object.fromEntries(items.map(([axis, item]) => [axis, item?.name ?? ''])),
      text,
      unit: items.map(([, item]) => item?.unit ?? null).find((unit) => unit !== null) ?? null,
    }
  })
}

/** A key of the members that `like` has: recordings of labels lack the tab axis or the unit. */
const keyOf = (of: Readonly<Record<string, string>>, like: Readonly<Record<string, string>>): string =>
  JSON.stringify(
    Object.keys(like)
      .toSorted()
      .map((axis) => of[axis]),
  )

describe.runIf(recordingsPresent)('Every recorded cell is in the bundle', () => {
  const { tables } = loadSample()

  it('of nine of twelve recordings', () => {
    expect(bundledRecordings).toHaveLength(9)
  })

  it.each(bundledRecordings)('%s', (file) => {
    const { id, cells } = readCells(file)
    const table = tables.find((one) => one.id === id)
    const kept = table === undefined ? [] : cellsOf(table)
    const by = cells[0]?.codes === undefined ? 'names' : 'codes'
    const like = cells[0]?.[by] ?? {}
    const found = new Map(kept.map((cell) => [keyOf(cell[by], like), cell]))
    expect(found.size).toBe(kept.length)
    const wrong = cells.filter((cell) => {
      const one = found.get(keyOf(cell[by] ?? {}, like))
      const named =
        one !== undefined && keyOf(one.names, cell.names ?? {}) === keyOf(cell.names ?? {}, cell.names ?? {})
      const unit = file.includes('pyramid') ? '人' : cell.unit
      return !named || one.text !== cell.text || one.unit !== unit
    })
    expect(wrong).toEqual([])
  })

  it('and nothing else is', () => {
    for (const { id, rows } of tables) {
      // The labour force was recorded twice, in JSON and in CSV.
      const files = bundledRecordings.filter((file) => file.includes(id) && file !== 'statsdata_0003005798.csv')
      expect(files.reduce((sum, file) => sum + readCells(file).cells.length, 0)).toBe(rows.total)
    }
  })
})

describe.runIf(recordingsPresent)('The committed files', () => {
  const files = recordingsPresent
    ? sampleFiles(readRecording, readRecording('../../reference/gov_stats_codes.csv'))
    : new Map<string, string>()

  it.each([...BUNDLED_TABLES.map((id) => `${id}.json`), 'catalogue.json'])('%s is what the script makes', (name) => {
    const committed = readFileSync(new URL(`../../../origin/sample/data/${name}`, import.meta.url), 'utf8')
    expect(committed === files.get(name)).toBe(true)
  })
})

interface Listed {
  readonly '@id': string
  readonly TITLE: { readonly '@no': string; readonly $: string }
  readonly STATISTICS_NAME: string
  readonly SURVEY_DATE: number
  readonly OPEN_DATE: string
  readonly UPDATED_DATE: string
  readonly SMALL_AREA: number
  readonly OVERALL_TOTAL_NUMBER: number
}

describe.runIf(recordingsPresent)('Every recorded list is in the catalogue', () => {
  const byId = new Map(
    loadSample()
      .catalogue.entries()
      .map((entry) => [entry.id, entry]),
  )
  const listedIn = (file: string): readonly Listed[] =>
    (JSON.parse(readRecording(file)) as { GET_STATS_LIST: { DATALIST_INF: { TABLE_INF: readonly Listed[] } } })
      .GET_STATS_LIST.DATALIST_INF.TABLE_INF

  it('statslist_smallarea_2015.json: 1,782 tables, with number, title, dates and size', () => {
    const listed = listedIn('statslist_smallarea_2015.json')
    expect(listed).toHaveLength(1782)
    const wrong = listed.filter((one) => {
      const entry = byId.get(one['@id'])
      return (
        entry?.title !== one.TITLE.$ ||
        entry.titleNo !== one.TITLE['@no'] ||
        entry.statisticsName !== one.STATISTICS_NAME ||
        entry.surveyDate !== String(one.SURVEY_DATE) ||
        entry.openDate !== one.OPEN_DATE ||
        entry.updatedDate !== one.UPDATED_DATE ||
        entry.smallArea !== (one.SMALL_AREA === 1) ||
        entry.totalRecords !== one.OVERALL_TOTAL_NUMBER ||
        entry.collectArea.length > 0
      )
    })
    expect(wrong).toEqual([])
  })

  it.each([
    ['statslist_census_excerpt.json', 2],
    ['statslist_00200524_2017_v2.1.json', 21],
  ])('%s: %i tables', (file, count) => {
    const listed = listedIn(file)
    expect(new Set(listed.map((one) => one['@id'])).size).toBe(count)
    expect(listed.filter((one) => byId.get(one['@id'])?.title !== one.TITLE.$)).toEqual([])
  })

  it.each([
    ['statslist.xml', 2],
    ['dataset_list.xml', 12],
  ])('%s: %i tables', (file, count) => {
    const ids = new Set(Array.from(readRecording(file).matchAll(/<TABLE_INF id="(\d+)"/g), ([, id = '']) => id))
    expect(ids.size).toBe(count)
    expect([...ids].filter((id) => !byId.has(id))).toEqual([])
  })

  it('known_tables.tsv: 216 tables', () => {
    const lines = readRecording('known_tables.tsv').trimEnd().split('\n').slice(1)
    expect(lines).toHaveLength(216)
    expect(lines.filter((line) => !byId.has(line.split('\t')[0] ?? ''))).toEqual([])
  })
})
