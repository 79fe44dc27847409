/** Wrong input on each tool: a coded error that says what to do next, and nothing is written (issue 2). */
import { readdir } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TOOLS } from '../../origin/tools/registry.ts'
import { execute, openOrigin, type TestOrigin } from './support/origin.ts'
import { CASES } from './wrong-input-cases.ts'

let origin: TestOrigin
/** Real things to be wrong about: a kept fetch, its Parquet file, a table. */
const real = { raw: '', parquet: '' }
let before: readonly string[]

beforeAll(async () => {
  origin = await openOrigin()
  const fetched = await execute(origin, 'fetch_dataset_auto', { dataset_id: '0003280145' })
  real.raw = String(fetched.result['s3_json_path'])
  const parquet = await execute(origin, 'transform_to_parquet', { s3_json_path: real.raw })
  real.parquet = String(parquet.result['s3_parquet_path'])
  await execute(origin, 'load_to_iceberg', { table_name: 'coffee', s3_parquet_path: real.parquet })
  before = await files()
})
afterAll(() => origin.close())

const files = async () => (await readdir(origin.dataDir, { recursive: true })).toSorted()

const AREAS = '0000020201'

/** Stands in what the set-up made. */
const filled = (args: unknown): unknown =>
  JSON.parse(
    JSON.stringify(args)
      .replaceAll('"RAW"', JSON.stringify(real.raw))
      .replaceAll('"PARQUET"', JSON.stringify(real.parquet)),
  )

describe.each(TOOLS.map(({ name }) => name))('%s', (name) => {
  it.each(CASES[name] ?? [])('%s', async (_what, args, code, says) => {
    const answer = await execute(origin, name, filled(args))
    expect([answer.success, answer.error?.code]).toEqual([false, code])
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
    expect(answer.error.hint.length).toBeGreaterThan(10)
    expect(answer.text).toMatch(says)
    expect(answer.text).not.toContain(origin.dataDir)
    expect(await files()).toEqual(before)
  })

  it('is tried with wrong input', () => expect(CASES[name]?.length ?? 0).toBeGreaterThan(2))

  it('accepts no list for arguments', async () => {
    expect((await execute(origin, name, ['x'])).error).toMatchObject({
      code: 'INVALID_PARAMETER',
      hint: expect.any(String),
    })
  })
})

it('an unknown tool is told the known ones', async () => {
  const { status, error } = await execute(origin, 'load_everything', {})
  expect([status, error.code, error.hint]).toEqual([404, 'NOT_FOUND', expect.stringContaining('describe_dataset')])
})

it('a selection over the budget of a call is refused with its size, and nothing is written', async () => {
  const small = await openOrigin({ limits: { fetchRows: 1000 } })
  for (const [name, args] of [
    ['transform_to_parquet', { dataset_id: AREAS }],
    ['fetch_large_dataset_complete', { dataset_id: AREAS, save_to_s3: false }],
  ] as const) {
    const { error } = await execute(small, name, args)
    expect([name, error.code, error.message]).toEqual([name, 'TOO_LARGE', expect.stringContaining('15,313')])
    expect(error.hint).toMatch(/fetch_large_dataset_complete|save_to_s3/)
  }
  expect(await readdir(small.dataDir, { recursive: true })).toEqual([])
  await small.close()
})
