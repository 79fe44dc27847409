/** Links in answers: to what was made, for clients that know them, and readable as they stand. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openOrigin, type TestOrigin } from '../support/origin.ts'

const COFFEE = '0003280145'

interface Block {
  readonly type: string
  readonly uri?: string
  readonly name?: string
  readonly mimeType?: string
}

let origin: TestOrigin
beforeAll(async () => {
  origin = await openOrigin()
})
afterAll(() => origin?.close())

async function ask<T>(method: string, params: object, revision: string | null): Promise<T> {
  const response = await origin.fetch(
    new Request('http://origin/mcp', {
      method: 'POST',
      headers: {
        'x-api-key': origin.adminKey,
        'content-type': 'application/json',
        accept: 'application/json',
        ...(revision === null ? {} : { 'mcp-protocol-version': revision }),
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    }),
  )
  return ((await response.json()) as { result: T }).result
}

const call = async (name: string, args: object, revision: string | null = '2025-11-25') =>
  (await ask<{ content: readonly Block[] }>('tools/call', { name, arguments: args }, revision)).content.slice(1)

describe('an answer links', () => {
  it.each<[tool: string, args: object, uri: RegExp, mimeType: string]>([
    [
      'save_dataset_as_csv',
      { dataset_id: COFFEE, output_filename: '珈琲 豆' },
      /%E7%8F%88.*%20.*\.csv$/,
      'text/csv; charset=utf-8',
    ],
    [
      'save_metadata_as_csv',
      { dataset_id: COFFEE },
      /^estat:\/\/file\/estat\/csv\/.*\.csv$/,
      'text/csv; charset=utf-8',
    ],
    ['ingest_dataset', { dataset_id: COFFEE, table_name: 'coffee' }, /^estat:\/\/lake\/coffee$/, 'application/json'],
  ])('%s: what it made, which can be read', async (tool, args, uri, mimeType) => {
    const [link, ...more] = await call(tool, args)
    expect(more).toEqual([])
    expect(link).toEqual({ type: 'resource_link', uri: expect.stringMatching(uri), name: expect.any(String), mimeType })
    const { contents } = await ask<{ contents: readonly { text: string }[] }>(
      'resources/read',
      { uri: link?.uri },
      '2025-11-25',
    )
    expect(contents[0]?.text).toContain('コーヒー')
  })
})

it.each([null, '2024-11-05', '2025-03-26'])('a client of %s gets no block that it does not know', async (revision) =>
  expect(await call('save_metadata_as_csv', { dataset_id: COFFEE }, revision)).toEqual([]),
)

it('an answer that made nothing has none', async () => {
  expect(await call('fetch_dataset_auto', { dataset_id: COFFEE, save_to_s3: false })).toEqual([])
  expect(await call('lake_tables', {})).toEqual([])
})
