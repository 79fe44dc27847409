/** save_metadata_as_csv: every code of every axis, in a file that a spreadsheet opens and runs nothing of. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { metadataLines } from '../../../origin/estat/csv-metadata.ts'
import { parseCsv } from '../../e2e/parse-csv.ts'
import { axis, sampleIds, sampleMeta, table } from '../estat/tables.ts'
import { execute, openOrigin, type TestOrigin } from '../support/origin.ts'

let origin: TestOrigin
beforeAll(async () => {
  origin = await openOrigin()
})
afterAll(() => origin.close())

const HEADER = ['カテゴリID', 'カテゴリ名', 'カテゴリ数', 'コード', '名称', 'レベル', '親コード', '単位']

async function saved(args: object): Promise<{ result: Record<string, unknown>; text: string }> {
  const { result, text } = await execute(origin, 'save_metadata_as_csv', args)
  const bytes = await origin.ports.store.get(String(result['s3_path']).replace('s3://estat-lake/', ''))
  expect(bytes?.length).toBe(result['bytes'])
  expect([...(bytes?.slice(0, 3) ?? [])]).toEqual([0xef, 0xbb, 0xbf])
  expect(text).toContain('出典')
  return { result, text: new TextDecoder().decode(bytes ?? undefined) }
}

it.each(sampleIds)('%s: every code comes back', async (dataset_id) => {
  const meta = await sampleMeta(dataset_id)
  const { result, text } = await saved({ dataset_id })
  const [header, ...lines] = parseCsv(text)
  const expected = meta.axes.flatMap(({ id, name, items }) =>
    items.map((item) => [
      id,
      name,
      String(items.length),
      item.code,
      item.name,
      item.level === null ? '' : String(item.level),
      item.parentCode ?? '',
      item.unit ?? '',
    ]),
  )
  expect(header).toEqual(HEADER)
  expect(lines).toEqual(expected)
  expect(result).toMatchObject({ rows: expected.length, columns: HEADER })
})

it('is one file for one version, and under a name of the caller’s own never another’s', async () => {
  const id = { dataset_id: '0003280145' }
  const [one, two] = [await saved(id), await saved(id)]
  expect(two.result['s3_path']).toBe(one.result['s3_path'])
  const named = { ...id, output_filename: 'コード' }
  expect((await saved(named)).result['s3_path']).toBe('s3://estat-lake/estat/csv/コード.csv')
  expect((await execute(origin, 'save_metadata_as_csv', named)).error).toMatchObject({ code: 'INVALID_PARAMETER' })
})

describe('a line', () => {
  const meta = table([axis('cat01', '=品目', [['-1', '+食料, "計"']])])

  it('is inert for a spreadsheet, and exact where that is asked for', () => {
    expect([...metadataLines(meta, { raw: false })][1]).toBe(`cat01,'=品目,1,-1,"'+食料, ""計""",,,\r\n`)
    expect([...metadataLines(meta, { raw: true })][1]).toBe(`cat01,=品目,1,-1,"+食料, ""計""",,,\r\n`)
  })
})
