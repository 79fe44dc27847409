import { describe, expect, it } from 'vitest'
import {
  AXIS_IDS,
  AXIS_PARTS,
  columnNamed,
  columnWithId,
  LAKE_COLUMNS,
  LAST_RESERVED_FIELD_ID,
} from '../../../origin/lake/columns.ts'
import { columnsFor, planColumns } from '../../../origin/lake/column-plan.ts'
import { DATA_TYPES, type DataType } from '../../../origin/lake/ports.ts'
import { dimensionOf } from '../../../origin/lake/dimensions.ts'
import { axis, metaOf } from './support/page.ts'

const ID = '0009999999'

describe('lake columns', () => {
  it('have one name, one id and one meaning each', () => {
    const ids = LAKE_COLUMNS.map(({ fieldId }) => fieldId)
    expect(new Set(ids).size).toBe(ids.length)
    expect(new Set(LAKE_COLUMNS.map(({ name }) => name)).size).toBe(ids.length)
    expect(Math.max(...ids)).toBeLessThanOrEqual(LAST_RESERVED_FIELD_ID)
    for (const column of LAKE_COLUMNS) {
      expect(columnNamed(column.name)).toBe(column)
      expect(columnWithId(column.fieldId)).toBe(column)
      expect(column.name).toMatch(/^[a-z][a-z0-9_]*$/)
      expect(column.doc).not.toBe('')
    }
  })

  it('keep their ids for ever: tables on disks know columns by nothing else', () => {
    const ids = [
      'dataset_id',
      'retrieved_at',
      'value',
      'time_kind',
      'tab_code',
      'cat01_code',
      'cat15_role',
      'area_code',
      'time_level',
      'year',
      'region_name',
      'category',
    ]
    expect(ids.map((name) => columnNamed(name)?.fieldId)).toEqual([1, 3, 4, 13, 100, 110, 254, 260, 272, 300, 304, 306])
  })
})

describe('the columns of a dataset', () => {
  it('are those of the axes it has, in e-Stat order whatever the metadata says', () => {
    const names = columnsFor(
      metaOf(ID, [axis('time', '年', []), axis('cat02', 'x', []), axis('tab', 'y', [])]),
      'generic',
    ).map(({ name }) => name)
    const ofAxis = (id: string) => AXIS_PARTS.map((part) => `${id}_${part}`)
    expect(names.slice(0, 15)).toEqual([...ofAxis('tab'), ...ofAxis('cat02'), ...ofAxis('time')])
    expect(names.slice(15)).toEqual([
      'time_start', 'time_end', 'time_kind',
      'value', 'value_text', 'symbol', 'symbol_meaning', 'unit', 'unit_scale', 'annotation',
      'dataset_id', 'fetch_id', 'retrieved_at',
      'year', 'quarter', 'month', 'indicator', 'category',
    ]) // biome-ignore format: by group
  })

  it.each(DATA_TYPES)('are each named once for %s, with all axes there are', (dataType) => {
    const all = AXIS_IDS.map((id) => axis(id, id === 'cat03' ? '男女' : id, ['1']))
    const names = columnsFor(metaOf(ID, all), dataType).map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
  })
})

describe('convenience columns', () => {
  const sourceOf = (dataType: DataType, axes: Parameters<typeof metaOf>[1]) =>
    Object.fromEntries(planColumns(metaOf(ID, axes), dataType).map(({ column, source }) => [column.name, source]))
  const withUnit = (id: string, name: string) => ({
    ...axis(id, name, []),
    items: [{ code: '1', name: 'x', level: 1, unit: '人', parentCode: null }],
  })

  it('are taken from names, whatever the position of the axis', () => {
    for (const [sex, age] of [
      ['cat01', 'cat04'],
      ['cat04', 'cat01'],
    ] as const) {
      const found = sourceOf('population', [
        axis(sex, '男女Ａ', []),
        axis(age, '年齢５歳階級', []),
        axis('cat02', '国籍', []),
        withUnit('tab', '表章項目'),
      ])
      expect(found['sex']).toEqual({ from: 'axis', axis: sex, part: 'name' })
      expect(found['age_group']).toEqual({ from: 'axis', axis: age, part: 'name' })
      expect(found['category']).toEqual({ from: 'names', axes: ['cat02'] })
      expect(found['indicator']).toEqual({ from: 'names', axes: ['tab'] })
    }
  })

  it('take the measure from the axis that carries units, where there is no tab', () => {
    const found = sourceOf('generic', [withUnit('cat01', 'Ａ　人口・世帯'), axis('cat02', '産業', [])])
    expect(found['indicator']).toEqual({ from: 'names', axes: ['cat01'] })
    expect(found['category']).toEqual({ from: 'names', axes: ['cat02'] })
  })

  it('take a region from a category where there is no area, and never guess between two', () => {
    expect(sourceOf('generic', [axis('cat03', '地域区分', [])])['region_name']).toEqual({
      from: 'axis',
      axis: 'cat03',
      part: 'name',
    })
    expect(
      sourceOf('generic', [axis('cat01', '従前の地域', []), axis('cat02', '現在の地域', [])])['region_name'],
    ).toBeUndefined()
    expect(sourceOf('labor', [axis('cat01', '産業', []), axis('cat02', '前職の産業', [])])['industry']).toBeUndefined()
  })
})

describe('a dimension', () => {
  it('has each code once, with what is known of it', () => {
    const time = axis('time', '時間軸', ['2015100000', '2024000406', '2024000505', '1001', '2015100000'])
    expect(
      dimensionOf(time, { '1001': 'total' }).map(({ code, role, start, end, kind, year, quarter, month }) => [
        code,
        role,
        start,
        end,
        kind,
        year,
        quarter,
        month,
      ]),
    ).toEqual([
      ['2015100000', 'unknown', '2015-04-01', '2016-03-31', 'fiscal_year', 2015, null, null],
      ['2024000406', 'unknown', '2024-04-01', '2024-06-30', 'quarter', 2024, 2, null],
      ['2024000505', 'unknown', '2024-05-01', '2024-05-31', 'month', 2024, null, 5],
      ['1001', 'total', null, null, 'other', null, null, null],
    ])
  })

  it('takes no role from what every object has', () => {
    expect(dimensionOf(axis('cat01', 'x', ['constructor']), {})[0]?.role).toBe('unknown')
  })
})
