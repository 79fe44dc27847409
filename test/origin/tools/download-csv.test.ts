/** download_csv_from_s3: the pages of a file are the file; nothing is written but where it may be. */
import { readFile, readdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordEnds } from '../../../origin/estat/csv-page.ts'
import { estimateTokens } from '../../../origin/tools/budget.ts'
import { shellPath, shellQuoted } from '../../../origin/tools/shell-words.ts'
import { execute, openOrigin, type TestOrigin } from '../support/origin.ts'

let apart: TestOrigin
let together: TestOrigin
beforeAll(async () => {
  apart = await openOrigin()
  together = await openOrigin({ sharesDisk: true })
})
afterAll(async () => {
  await apart.close()
  await together.close()
})

const coffee = { dataset_id: '0003280145' }
async function saved(origin: TestOrigin, args: object): Promise<string> {
  return String((await execute(origin, 'save_dataset_as_csv', args)).result['s3_path'])
}
const bytesOf = async (origin: TestOrigin, path: string) =>
  Buffer.from((await origin.ports.store.get(path.replace('s3://estat-lake/', ''))) ?? [])
const download = (origin: TestOrigin, args: object) => execute(origin, 'download_csv_from_s3', args)

describe('the content', () => {
  it.each([
    ['27 rows', coffee, 1],
    ['1,008 rows', { dataset_id: '0003410379' }, 5],
    ['1,008 cells in wide lines', { dataset_id: '0003410379', layout: 'wide' }, 1],
  ])('of a file of %s is the file, page by page', async (_what, args, atLeast) => {
    const s3_path = await saved(apart, args)
    const file = await bytesOf(apart, s3_path)
    const pages: Record<string, unknown>[] = []
    for (let cursor: unknown = undefined; cursor !== null; cursor = pages.at(-1)?.['next_cursor']) {
      const page = await download(apart, { s3_path, return_content: true, ...(cursor === undefined ? {} : { cursor }) })
      expect(estimateTokens(JSON.stringify(page.result))).toBeLessThan(8000)
      expect(estimateTokens(page.text)).toBeLessThan(8000)
      expect(page.text).toContain('出典')
      pages.push(page.result)
    }
    const text = pages.map(({ content }) => String(content))
    expect(Buffer.from(`\uFEFF${text.join('')}`).equals(file)).toBe(true)
    expect(pages.length).toBeGreaterThanOrEqual(atLeast)
    expect(text.every((page) => page.endsWith('\r\n'))).toBe(true)
    expect(pages.map(({ from_byte }) => from_byte)).toEqual([0, ...pages.slice(0, -1).map(({ to_byte }) => to_byte)])
    expect(pages.at(-1)).toMatchObject({ to_byte: file.length, size_bytes: file.length })
    const heading = text[0]?.split('\r\n')[0]
    expect(pages.map(({ header }) => header)).toEqual(pages.map((_, at) => (at === 0 ? null : heading)))
  })

  it('never goes on in a file that was written anew', async () => {
    const s3_path = await saved(apart, { dataset_id: '0003410379', output_filename: 'x' })
    const { result } = await download(apart, { s3_path, return_content: true })
    await apart.ports.store.put('estat/csv/x.csv', Buffer.from('a,b\r\n'))
    const { error } = await download(apart, { s3_path, return_content: true, cursor: result['next_cursor'] })
    expect(error).toMatchObject({ code: 'INVALID_PARAMETER', message: expect.stringContaining('cursor') })
  })

  it('of a last line without an end, and of an empty file, is whole', async () => {
    await apart.ports.store.put('estat/csv/open.csv', Buffer.from('a,b\n"c\nd",e'))
    await apart.ports.store.put('estat/csv/empty.csv', new Uint8Array())
    const of = async (s3_path: string) => (await download(apart, { s3_path, return_content: true })).result
    expect(await of('estat/csv/open.csv')).toMatchObject({ content: 'a,b\n"c\nd",e', lines: 2, next_cursor: null })
    expect(await of('estat/csv/empty.csv')).toMatchObject({ content: '', lines: 0, next_cursor: null, source: null })
  })

  it.each([
    ['longer than an answer', 30_000],
    ['longer than a window', 70_000],
  ])('of a line %s is refused, and says what to do', async (_what, length) => {
    await apart.ports.store.put('estat/csv/long.csv', Buffer.from(`${'人口'.repeat(length / 6)}\r\na\r\n`))
    const { error } = await download(apart, { s3_path: 'estat/csv/long.csv', return_content: true })
    expect(error).toMatchObject({ code: 'TOO_LARGE', hint: expect.stringContaining('long') })
  })
})

it.each([
  ['a\r\nb\r\n', [3, 6]],
  ['"a\r\nb",1\r\n', [10]],
  ['"a""\n""",1\nx', [11]],
  ['', []],
])('records of %j end at %j', (text, ends) => expect(recordEnds(Buffer.from(text))).toEqual(ends))

describe('where server and caller are two machines', () => {
  it('a local_path is answered with how to get the file, and nothing is written', async () => {
    const s3_path = await saved(apart, coffee)
    const before = await readdir(apart.dataDir, { recursive: true })
    for (const local_path of [undefined, '人口.csv', '/etc/passwd', '../x.csv']) {
      const { result, text } = await download(apart, { s3_path, ...(local_path === undefined ? {} : { local_path }) })
      expect(result).toMatchObject({ local_path: null, command: null, content: null, next_cursor: null })
      expect(result['note']).toMatch(/return_content true/)
      expect(text).not.toContain(apart.dataDir)
    }
    expect(await readdir(apart.dataDir, { recursive: true })).toEqual(before)
  })
})

describe('where they are one', () => {
  const folder = () => join(together.dataDir, 'downloads', 'estat')

  it('the file is written into the download folder, once', async () => {
    const s3_path = await saved(together, coffee)
    const file = await bytesOf(together, s3_path)
    for (const local_path of ['コーヒー.csv', '2020/', join(folder(), 'absolute.csv')]) {
      const { result } = await download(together, { s3_path, local_path })
      expect(result).toMatchObject({ note: null, command: null })
      expect(String(result['local_path']).startsWith(folder())).toBe(true)
      expect((await readFile(String(result['local_path']))).equals(file)).toBe(true)
    }
    const again = await download(together, { s3_path, local_path: 'コーヒー.csv' })
    expect(again.error).toMatchObject({ code: 'INVALID_PARAMETER', hint: expect.stringContaining('local_path') })
  })

  it('any other place is answered with the command', async () => {
    const s3_path = await saved(together, coffee)
    const before = await readdir(together.dataDir, { recursive: true })
    const source = join(together.dataDir, s3_path.replace('s3://', ''))
    for (const local_path of ['/tmp/a b.csv', '../../a.csv', `../other/a.csv`, 'a\\b.csv']) {
      const { result } = await download(together, { s3_path, local_path })
      expect([result['local_path'], result['command']]).toEqual([null, `cp -n '${source}' '${local_path}'`])
    }
    expect(await readdir(together.dataDir, { recursive: true })).toEqual(before)
  })

  it('a link out of the download folder is not followed', async () => {
    const s3_path = await saved(together, coffee)
    await download(together, { s3_path, local_path: 'first.csv' })
    await symlink('/tmp', join(folder(), 'out'))
    const { error } = await download(together, { s3_path, local_path: 'out/stolen.csv' })
    expect(error.code).toBe('INVALID_PARAMETER')
    expect(await readdir('/tmp')).not.toContain('stolen.csv')
  })

  it('local_json_path names a kept fetch by its file', async () => {
    const { result } = await execute(together, 'fetch_dataset_auto', coffee)
    const local_json_path = join(together.dataDir, String(result['s3_json_path']).replace('s3://', ''))
    const csv = await execute(together, 'save_dataset_as_csv', { ...coffee, local_json_path })
    expect(csv.result).toMatchObject({ rows: 27 })
    for (const path of ['/etc/passwd', join(together.dataDir, 'downloads/estat/a.csv'), '../raw/a']) {
      const { error } = await execute(together, 'save_dataset_as_csv', { ...coffee, local_json_path: path })
      expect([error.code, error.message]).toEqual(['INVALID_PARAMETER', expect.stringContaining('outside the lake')])
    }
    const theirs = join(together.dataDir, 'estat-lake/theirs/csv/a.csv')
    const { error } = await execute(together, 'save_dataset_as_csv', { ...coffee, local_json_path: theirs })
    expect(error.code).toBe('NOT_FOUND')
  })
})

it('words for a shell are words, whatever is in them', () => {
  expect(shellQuoted("a'; rm -rf ~ #")).toBe(`'a'\\''; rm -rf ~ #'`)
  expect([shellPath('~/a b.csv'), shellPath('~/'), shellPath('-n')]).toEqual([`~/'a b.csv'`, '~/', `'./-n'`])
})
