import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contentDisposition } from '../../shared/content-disposition.ts'
import { fileOfPath, keptFile, pathOfFile } from '../../shared/kept-file.ts'

const part = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
  .filter((text) => !/[\p{Cc}\\/]/u.test(text) && text !== '.' && text !== '..' && text.isWellFormed())

describe('a kept file', () => {
  it('is found again by its own path, whatever it is called, and by no other', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 3 }), part, (folders, name) => {
        const key = ['estat', 'csv', ...folders, `${name}.csv`].join('/')
        // As a server has it after the URL was parsed.
        const { pathname } = new URL(pathOfFile(key), 'http://edge.test')
        expect(fileOfPath(pathname)?.key).toBe(key)
        expect(pathOfFile(fileOfPath(pathname)?.key ?? '')).toBe(pathname)
      }),
    )
  })

  it.each([
    ['estat/csv/a.csv', 'text/csv; charset=utf-8'],
    ['estat/csv/A.CSV', 'text/csv; charset=utf-8'],
    ['estat/parquet/0003280145/f.parquet', 'application/vnd.apache.parquet'],
    ['estat/iceberg/t/metadata/v1.metadata.json', 'application/json'],
    ['estat/iceberg/t/metadata/m.avro', 'application/octet-stream'],
  ])('%s is %s', (key, contentType) => expect(keptFile(key)).toMatchObject({ key, tenant: 'estat', contentType }))

  it.each([
    '',
    'estat',
    'estat/csv',
    'estat/csv/',
    'estat/csv/a',
    'estat/csv/a.parquet',
    'estat/csv/a.csv.json',
    'estat/csv/../jobs/a.csv',
    'estat/csv/./a.csv',
    'estat//csv/a.csv',
    '/estat/csv/a.csv',
    'estat/csv/a\\b.csv',
    'estat/csv/a\u0000.csv',
    'estat/csv/a\n.csv',
    'estat/csv/\ud800.csv',
    `estat/csv/${'人'.repeat(340)}.csv`,
    'estat/csv-sources/a.csv.json',
    'estat/jobs/a.json',
    'estat/athena-results/a.csv',
    'estat/constructor/a.csv',
    'raw/0003280145/f/manifest.json',
    'raw/0003280145/f/page-00001.json.gz',
    'estat/csv/a.constructor',
  ])('%j is none', (key) => expect(keptFile(key)).toBeNull())

  it.each([
    ['/files/estat%2Fcsv%2Fa.csv', null],
    ['/files/estat/csv/%2e%2e%2fa.csv', null],
    ['/files/estat/csv/..%2f..%2fother%2fcsv%2fa.csv', null],
    ['/files/estat/csv/%252e%252e%252fa.csv', 'estat/csv/%2e%2e%2fa.csv'],
    ['/files/estat/csv/%E4%BA.csv', null],
    ['/files/estat/csv/%zz.csv', null],
    ['/file/estat/csv/a.csv', null],
    ['/files/estat/csv/a+b.csv', 'estat/csv/a+b.csv'],
  ])('the path %s is decoded once: %s', (path, key) => expect(fileOfPath(path)?.key ?? null).toBe(key))
})

describe('Content-Disposition', () => {
  it.each([
    ['a.csv', `attachment; filename="a.csv"; filename*=UTF-8''a.csv`],
    ['人口.csv', `attachment; filename="__.csv"; filename*=UTF-8''%E4%BA%BA%E5%8F%A3.csv`],
    [
      `it's (a) "100%"*.csv`,
      `attachment; filename="it's (a) _100__*.csv"; filename*=UTF-8''it%27s%20%28a%29%20%22100%25%22%2A.csv`,
    ],
    ['𠮷野.csv', `attachment; filename="__.csv"; filename*=UTF-8''%F0%A0%AE%B7%E9%87%8E.csv`],
  ])('of %s', (name, header) => expect(contentDisposition(name)).toBe(header))

  it('is one header whatever the name, and gives the name back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (name) => {
        const header = contentDisposition(name)
        expect(new Headers({ 'content-disposition': header }).get('content-disposition')).toBe(header)
        const [, likeness = '"', exact = ''] =
          /^attachment; filename="([\x20-\x7e]*)"; filename\*=UTF-8''([\w!#$&+\-.^`|~%]*)$/.exec(header) ?? []
        expect(likeness).not.toMatch(/["\\%/]/)
        expect(decodeURIComponent(exact)).toBe(name)
      }),
    )
  })
})
