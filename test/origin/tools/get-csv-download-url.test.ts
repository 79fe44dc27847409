/** get_csv_download_url asked of the origin itself, as an administrator: what the link is, and what is said with it. */
import type { JWK } from 'jose'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fileLinks } from '../../../origin/adapters/file-links.ts'
import { verifyFileLink } from '../../../shared/file-link.ts'
import { newSigningKey } from '../../platform/workerd.ts'
import { execute, openOrigin, type TestOrigin } from '../support/origin.ts'

const CSV = "estat/csv/it's 人口.csv"
const PARQUET = 'estat/parquet/0003280145/f1.parquet'

let bare: TestOrigin
let known: TestOrigin
let publicKey: JWK
beforeAll(async () => {
  const signingKey = await newSigningKey()
  const { d: _secret, ...open } = signingKey
  publicKey = open
  const opened = (publicUrl: string | null) => ({
    ports: { links: fileLinks({ signingKey, publicUrl, newId: () => 'link-00001' }) },
  })
  bare = await openOrigin(opened(null))
  known = await openOrigin(opened('https://edge.example'))
  for (const { ports } of [bare, known])
    for (const key of [CSV, PARQUET]) await ports.store.put(key, new TextEncoder().encode('a,b\r\n'))
})
afterAll(async () => {
  await bare.close()
  await known.close()
})
const claimsOf = (url: unknown) =>
  verifyFileLink(new URL(String(url), 'http://x').searchParams.get('link') ?? '', [publicKey], Date.now())

it('gives a whole link where the operator says where the edge is', async () => {
  const { result, text } = await execute(known, 'get_csv_download_url', { s3_path: CSV })
  const url = String(result['download_url'])
  expect(url).toMatch(/^https:\/\/edge\.example\/files\/estat\/csv\/it's%20%E4%BA%BA%E5%8F%A3\.csv\?link=[\w.-]+$/)
  expect(result).toMatchObject({ note: null, filename: "it's 人口.csv", size_bytes: 5, source: null })
  expect(result['curl_command']).toBe(`curl -f -o 'it'\\''s 人口.csv' '${url.replace("'", String.raw`'\''`)}'`)
  for (const said of [url, String(result['expires_at']), 'it'] as const) expect(text).toContain(said)
  const claims = await claimsOf(url)
  expect(claims).toMatchObject({ key: CSV, tenant: 'estat', name: "it's 人口.csv", jti: 'link-00001' })
  expect(claims.exp - claims.iat).toBe(3600)
  expect(new Date(claims.exp * 1000).toISOString()).toBe(String(result['expires_at']).replace('Z', '.000Z'))
})

it('gives the path, and says what to put in front, where nobody knows the edge', async () => {
  const { result, text } = await execute(bare, 'get_csv_download_url', { s3_path: `s3://estat-lake/${CSV}`, lang: 'E' })
  expect(result['download_url']).toMatch(/^\/files\/estat\//)
  expect(result['note']).toMatch(/PUBLIC_URL/)
  expect(result['curl_command']).toContain('https://<edge>/files/')
  expect(text).toContain(String(result['note']))
})

it.each([60, 604_800, '3600'])('lives %s seconds when asked to', async (expires_in) => {
  const { result } = await execute(known, 'get_csv_download_url', { s3_path: CSV, expires_in })
  const { iat, exp } = await claimsOf(result['download_url'])
  expect([exp - iat, result['expires_in']]).toEqual([Number(expires_in), Number(expires_in)])
})

it.each([
  [CSV, '東京都', '東京都.csv'],
  [CSV, 'a.CSV', 'a.CSV'],
  [PARQUET, 'a.csv', 'a.csv.parquet'],
  [PARQUET, undefined, 'f1.parquet'],
])('of %s wished for as %s is saved as %s', async (s3_path, filename, saved) => {
  const { result } = await execute(known, 'get_csv_download_url', { s3_path, filename })
  expect(result['filename']).toBe(saved)
  expect(await claimsOf(result['download_url'])).toMatchObject({ key: s3_path, name: saved })
})

it('says where the figures of the file come from', async () => {
  const { result: saved } = await execute(known, 'save_dataset_as_csv', { dataset_id: '0003280145' })
  expect(saved['next']).toContain('get_csv_download_url')
  const { result, text } = await execute(known, 'get_csv_download_url', { s3_path: saved['s3_path'] })
  expect(result['source']).toMatchObject({ dataset_id: '0003280145' })
  expect(text).toContain('出典')
})
