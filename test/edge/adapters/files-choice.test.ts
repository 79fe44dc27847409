import { describe, expect, it } from 'vitest'
import { filesOf } from '../../../edge/adapters/files-choice.ts'
import { EdgeConfig, OriginConfig, parseConfig } from '../../../shared/config.ts'
import { newSigningKey } from '../../platform/workerd.ts'

const ENV = { ORIGIN_URL: 'http://127.0.0.1:8080', AUTH_MODE: 'open' }
const configOf = async (change: Record<string, string>) =>
  parseConfig(EdgeConfig, { ...ENV, CALLER_SIGNING_KEY: JSON.stringify(await newSigningKey()), ...change })

describe('where an edge reads kept files', () => {
  const parts = (urls: string[]) => ({
    credentials: null,
    send: (request: Request) => {
      urls.push(request.url)
      return Promise.resolve(new Response('a'))
    },
    report: () => {},
  })
  const KEYS = { FILES_ACCESS_KEY_ID: 'AKIATEST', FILES_SECRET_ACCESS_KEY: 'a-secret-of-the-test' }

  it('is the origin, unless a bucket is named', async () => {
    expect(filesOf(await configOf({}), parts([]))).toBeNull()
  })

  it('is R2 by its endpoint, signed with the keys for it', async () => {
    const urls: string[] = []
    const change = { ...KEYS, FILES_BUCKET: 'my-lake', FILES_ENDPOINT: 'https://acc.r2.example/', FILES_REGION: 'auto' }
    const source = filesOf(await configOf(change), parts(urls))
    const ask = { method: 'GET', headers: new Headers(), requestId: 'r', signal: new AbortController().signal } as const
    const trace = { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', tracestate: null }
    await source?.open({
      ...ask,
      key: 'estat/csv/a.csv',
      trace,
      caller: { id: 'k', tenant: 'estat', scopes: ['lake'] },
    })
    expect(urls).toEqual(['https://acc.r2.example/my-lake/estat/csv/a.csv'])
  })

  it.each([
    ['without anything to sign with', { FILES_BUCKET: 'my-lake' }, /FILES_ACCESS_KEY_ID/],
    ['with half a key', { FILES_BUCKET: 'my-lake', FILES_SECRET_ACCESS_KEY: 'a-secret' }, /belong together/],
  ])('is refused at the start %s, by name alone', async (_what, change, says) => {
    const config = await configOf(change)
    expect(() => filesOf(config, parts([]))).toThrow(says)
    expect(() => filesOf(config, parts([]))).not.toThrow(/a-secret/)
  })
})

it('keys for links are Ed25519, two at the most, and no wrong one is repeated', async () => {
  const rsa = JSON.stringify({ kty: 'RSA', n: 'secret-number' })
  expect(() => parseConfig(OriginConfig, { LINK_SIGNING_KEY: rsa })).toThrow(/^(?!.*secret-number).*LINK_SIGNING_KEY/s)
  const { d: _secret, ...open } = await newSigningKey()
  expect(parseConfig(OriginConfig, { PUBLIC_URL: 'https://edge.example/' }).PUBLIC_URL).toBe('https://edge.example')
  await expect(configOf({ LINK_PUBLIC_KEYS: JSON.stringify([open, open, open]) })).rejects.toThrow(/LINK_PUBLIC_KEYS/)
  expect((await configOf({ LINK_PUBLIC_KEYS: JSON.stringify([open, open]) })).LINK_PUBLIC_KEYS).toHaveLength(2)
})
