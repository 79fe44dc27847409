import { describe, expect, it } from 'vitest'
import { cellOf, jsonCell, typeOf } from '../../../origin/adapters/query-athena-cells.ts'

describe('cells of Athena', () => {
  it.each([
    ['1.26146099E8', 'double', 126146099],
    ['NaN', 'double', 'NaN'],
    ['-Infinity', 'real', '-Infinity'],
    ['9007199254740993', 'bigint', '9007199254740993'],
    ['-12', 'integer', -12],
    ['true', 'boolean', true],
    ['false', 'boolean', false],
    ['2.50', 'decimal(4,2)', 2.5],
    ['1234567890123456.78', 'decimal(20,2)', '1234567890123456.78'],
    ['2020-10-01', 'date', '2020-10-01'],
    ['2020-10-01 09:05:00.000', 'timestamp(3)', '2020-10-01T09:05:00.000'],
    ['2020-10-01 09:05:00.123456 UTC', 'timestamp(6) with time zone', '2020-10-01T09:05:00.123456Z'],
    ['2020-10-01 09:05:00.120000 UTC', 'timestamp(6) with time zone', '2020-10-01T09:05:00.120Z'],
    ['00000', 'varchar', '00000'],
    ['', 'varchar', ''],
    [undefined, 'double', null],
  ])('reads %s as %s', (text, type, cell) => {
    expect(cellOf(text, type)).toBe(cell)
  })

  it('refuses a text that no answer could hold', () => {
    expect(() => cellOf('あ'.repeat(50_000), 'varchar')).toThrow(/128 KB/)
  })

  it("writes JSON as this server's other engine does", () => {
    expect(jsonCell('[1.4047594E7, 9007199254740993, "東京都", null, "NaN", 2.5]')).toBe(
      '[14047594,"9007199254740993","東京都",null,"NaN",2.5]',
    )
    expect(jsonCell(undefined)).toBe(null)
  })
})

describe('types of Athena', () => {
  it.each([
    [{ Type: 'float' }, 'real'],
    [{ Type: 'decimal', Precision: 12, Scale: 3 }, 'decimal(12,3)'],
    [{ Type: 'timestamp', Precision: 3 }, 'timestamp(3)'],
    [{ Type: 'timestamp with time zone', Precision: 6 }, 'timestamp(6) with time zone'],
    [{ Type: 'varchar', Precision: 2147483647 }, 'varchar'],
  ])('calls %j %s', (info, type) => {
    expect(typeOf({ Name: 'x', ...info })).toBe(type)
  })
})
