/** Who gets a kept file at the edge: links and their refusals, limits, and what passes of a source's answer. */
import type { JWK } from 'jose'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { IsRevoked } from '../../../edge/middleware/files-access.ts'
import type { FileAsk, FileSource } from '../../../edge/ports.ts'
import { signFileLink, type SignLinkOptions } from '../../../shared/file-link.ts'
import { newSigningKey } from '../../platform/workerd.ts'
import { type TestEdge, testEdge } from '../fixture.ts'

const KEY = 'estat/csv/a.csv'
const PATH = `/files/${KEY}`

let signingKey: JWK
let linkKeys: readonly JWK[]
beforeAll(async () => {
  signingKey = await newSigningKey()
  const { d: _secret, ...publicKey } = signingKey
  linkKeys = [publicKey]
})

let edge: TestEdge
let asked: FileAsk[]
let isRevoked: IsRevoked
const source: FileSource = {
  open(ask) {
    asked.push(ask)
    return Promise.resolve(
      new Response(ask.method === 'HEAD' ? null : 'a,b\r\n', {
        headers: {
          'content-length': '5',
          'content-type': 'application/x-evil',
          'content-disposition': 'inline',
          'set-cookie': 'a=b',
          'x-amz-request-id': 'upstream',
          server: 'AmazonS3',
          etag: '"v1"',
        },
      }),
    )
  },
}
beforeEach(async () => {
  asked = []
  isRevoked = () => Promise.resolve(false)
  edge = await testEdge({ linkKeys, files: () => source, isRevoked: (link) => isRevoked(link), perMinute: 3 })
})

const sign = (change: Partial<SignLinkOptions> = {}) =>
  signFileLink({
    key: KEY,
    tenant: 'estat',
    name: 'a.csv',
    sub: 'k1',
    jti: 'link-0001',
    signingKey,
    now: edge.now(),
    seconds: 3600,
    ...change,
  })
async function refusal(path: string, token: string): Promise<string> {
  const response = await edge.request(`${path}?link=${token}`)
  const { error } = (await response.json()) as { error: { code: string; message: string } }
  expect(response.headers.has('www-authenticate')).toBe(false)
  expect([response.status, error.code, asked.length]).toEqual([403, 'FORBIDDEN', 0])
  return error.message.replace('The link to this file was refused: ', '')
}

describe('a link', () => {
  it('opens its file to anybody, for reading', async () => {
    const response = await edge.request(`${PATH}?link=${await sign()}`)
    expect([response.status, await response.text()]).toEqual([200, 'a,b\r\n'])
    expect(asked).toMatchObject([{ key: KEY, method: 'GET', caller: { tenant: 'estat', scopes: ['lake'] } }])
    expect((await edge.request(`${PATH}?link=${await sign()}`, { method: 'HEAD' })).status).toBe(200)
    expect(asked[1]).toMatchObject({ method: 'HEAD' })
    expect((await edge.request(`${PATH}?link=${await sign()}`, { method: 'PUT', body: 'x' })).status).toBe(405)
    expect(asked).toHaveLength(2)
  })

  it('opens no other file, of its own tenant or of another', async () => {
    const token = await sign()
    for (const path of [
      '/files/estat/csv/b.csv',
      '/files/estat/csv/A.csv',
      '/files/other/csv/a.csv',
      '/files/',
      PATH.toUpperCase().replace('/FILES', '/files'),
    ])
      expect(await refusal(path, token)).toBe('path')
  })

  it.each([
    ['altered', async () => (await sign()).replace(/.$/, (end) => (end === 'A' ? 'Q' : 'A')), 'signature'],
    ['signed by another', async () => sign({ signingKey: await newSigningKey() }), 'signature'],
    ['not valid yet', () => sign({ now: edge.now() + 60_000 }), 'early'],
    ['over a week long', () => sign({ seconds: 604_801 }), 'claims'],
    ["of another tenant's name", () => sign({ tenant: 'other' }), 'claims'],
    ['empty', async () => '', 'malformed'],
  ])('%s is refused', async (_what, token, reason) => expect(await refusal(PATH, await token())).toBe(reason))

  it('ends when it says so', async () => {
    const token = await sign({ seconds: 60 })
    edge.advance(59)
    expect((await edge.request(`${PATH}?link=${token}`)).status).toBe(200)
    asked = []
    edge.advance(1)
    expect(await refusal(PATH, token)).toBe('expired')
  })

  it('ends when it is taken back', async () => {
    const heard: object[] = []
    isRevoked = (link) => {
      heard.push(link)
      return Promise.resolve(true)
    }
    expect(await refusal(PATH, await sign())).toBe('revoked')
    expect(heard).toMatchObject([{ tenant: 'estat', jti: 'link-0001', sub: 'k1', iat: edge.now() / 1000 }])
  })

  it('is not served while revocations cannot be looked up', async () => {
    isRevoked = () => Promise.reject(new Error('no store'))
    expect((await edge.request(`${PATH}?link=${await sign()}`)).status).toBe(503)
    expect(edge.reported).toEqual(['revoked links'])
  })

  it('is believed by no edge without a key to verify it', async () => {
    edge = await testEdge({ files: () => source })
    expect(await refusal(PATH, await sign())).toBe('unknown')
  })

  it('counts against the address it is used from', async () => {
    const token = await sign()
    const from = async (peer: string) =>
      (await edge.request(`${PATH}?link=${token}`, { headers: { 'test-peer': peer } })).status
    const statuses: number[] = []
    for (let time = 0; time < 4; time += 1) statuses.push(await from('192.0.2.1'))
    expect([...statuses, await from('192.0.2.2')]).toEqual([200, 200, 200, 429, 200])
  })

  it('wins over a key that is sent with it, and needs none', async () => {
    const headers = { 'x-api-key': await edge.issueKey(['lake'], { tenant: 'other' }) }
    expect((await edge.request(`${PATH}?link=${await sign()}`, { headers })).status).toBe(200)
    expect((await edge.request(PATH, { headers })).status).toBe(404)
  })
})

it('nothing of a source passes but what belongs to the bytes', async () => {
  const { headers } = await edge.request(`${PATH}?link=${await sign({ name: '人口 "1".csv' })}`)
  expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
  expect(headers.get('content-disposition')).toBe(
    `attachment; filename="__ _1_.csv"; filename*=UTF-8''%E4%BA%BA%E5%8F%A3%20%221%22.csv`,
  )
  expect([headers.get('etag'), headers.get('content-length')]).toEqual(['"v1"', '5'])
  for (const name of ['set-cookie', 'server', 'x-amz-request-id']) expect(headers.has(name)).toBe(false)
  expect(headers.get('x-content-type-options')).toBe('nosniff')
})

it('no line of the log holds a link or a name', async () => {
  const lines: string[] = []
  edge = await testEdge({ linkKeys, files: () => source, seen: (seen) => void lines.push(JSON.stringify(seen)) })
  const token = await sign()
  await edge.request(`${PATH}?link=${token}`)
  await edge.request(`${PATH}?link=${token}x`)
  expect(lines).toHaveLength(2)
  for (const line of lines) expect(line).not.toMatch(new RegExp(`a\\.csv|link-0001|${token.slice(-20)}`))
})

it('nothing of a client passes but ranges and conditions', async () => {
  const headers = {
    range: 'bytes=0-1',
    'if-range': '"v1"',
    'if-none-match': '"x"',
    cookie: 'a=b',
    authorization: 'Bearer secret',
    'x-amz-security-token': 'forged',
    'x-forwarded-for': '9.9.9.9',
  }
  await edge.request(`${PATH}?link=${await sign()}`, { headers })
  expect(Object.fromEntries(asked[0]?.headers ?? [])).toEqual({
    range: 'bytes=0-1',
    'if-range': '"v1"',
    'if-none-match': '"x"',
  })
})

it('reading alone opens no file', async () => {
  edge = await testEdge({ mode: 'open', linkKeys, files: () => source })
  expect((await edge.request(PATH)).status).toBe(403)
  expect((await edge.request(`${PATH}?link=${await sign()}`)).status).toBe(200)
})
