/** What `npm run keys` understands, and what it says of the rest. */
import { exportJWK, generateKeyPair } from 'jose'
import { expect, it } from 'vitest'
import { readCommand } from '../../infra/scripts/keys/options.ts'
import { keyTable } from '../../infra/scripts/keys/say.ts'
import { signFileLink } from '../../shared/file-link.ts'

const NOW = Date.parse('2026-11-20T12:00:00Z')
const read = (...args: string[]) => readCommand(args, NOW).command
const here = { platform: 'local', namespace: null, table: null, region: null, file: null }

it('makes a key for reading where nothing else is said', () => {
  expect(read('create')).toEqual({
    do: 'create',
    grant: { tenant: 'estat', scopes: ['read'], limit: null, expires: null, label: '' },
    place: here,
  })
})

it('takes everything that a key may have', () => {
  const words = [
    '--tenant',
    'bureau',
    '--scopes',
    'read, lake',
    '--limit=200',
    '--expires',
    '90d',
    '--label',
    '統計局 田中',
  ]
  expect(read('create', ...words)).toMatchObject({
    grant: {
      tenant: 'bureau',
      scopes: ['read', 'lake'],
      limit: 200,
      expires: '2027-02-18T12:00:00.000Z',
      label: '統計局 田中',
    },
  })
  for (const [text, instant] of [
    ['2027-03-31', '2027-03-31T00:00:00.000Z'],
    ['2027-03-31T09:00:00+09:00', '2027-03-31T00:00:00.000Z'],
  ] as const)
    expect(read('create', '--expires', text)).toMatchObject({ grant: { expires: instant } })
})

it('takes a whole key for its id', () => {
  const key = `0123456789abcdef.${'A'.repeat(43)}`
  for (const text of [key, '0123456789abcdef'])
    expect(read('revoke', text)).toEqual({ do: 'revoke', id: '0123456789abcdef', place: here })
})

it('knows each place by its own options', () => {
  expect(read('list', '--platform=cloudflare', '--namespace', 'abc')).toMatchObject({
    place: { ...here, platform: 'cloudflare', namespace: 'abc' },
  })
  expect(read('list', '--platform=aws', '--table', 't', '--region', 'ap-northeast-1')).toMatchObject({
    place: { platform: 'aws', table: 't', region: 'ap-northeast-1' },
  })
  expect(read('list', '--platform=file', '--file', 'keys.json')).toMatchObject({ place: { file: 'keys.json' } })
})

it('takes back one link by the link itself, or all of a tenant', async () => {
  const { privateKey } = await generateKeyPair('EdDSA', { extractable: true })
  const link = await signFileLink({
    signingKey: await exportJWK(privateKey),
    key: 'estat/csv/a.csv',
    tenant: 'estat',
    name: 'a.csv',
    sub: 'someone',
    jti: 'jti-00000001',
    now: NOW,
    seconds: 3600,
  })
  const expected = { do: 'revoke-link', tenant: 'estat', jti: 'jti-00000001', place: here }
  for (const text of [link, `https://estat.example/files/estat/csv/a.csv?link=${link}`])
    expect(read('revoke-links', '--link', text)).toEqual(expected)
  expect(read('revoke-links', '--tenant', 'estat')).toMatchObject({ tenant: 'estat', before: NOW })
  expect(read('revoke-links', '--tenant', 'estat', '--before', '2026-11-01')).toMatchObject({
    before: Date.parse('2026-11-01T00:00:00Z'),
  })
})

it.each([
  [[], 'npm run keys -- create'],
  [['destroy'], 'There is no "destroy"'],
  [['list', 'all'], '"all" is one word too many'],
  [['show', 'abcdefgh', 'ijklmnop'], '"ijklmnop" is one word too many'],
  [['revoke'], 'Give the id of a key'],
  [['revoke', '../../etc'], 'Give the id of a key'],
  [['list', '--tenant', 'estat'], '"list" does not take --tenant'],
  [['revoke-links', '--label', 'x'], '"revoke-links" does not take --label'],
  [['list', '--platform', 'gcp'], '--platform is one of local, cloudflare, aws, file'],
  [['list', '--colour'], "Unknown option '--colour'"],
  [['create', '--tenant', 'raw'], '--tenant must be'],
  [['create', '--tenant', 'A/../B'], '--tenant must be'],
  [['create', '--scopes', 'all'], '--scopes is a list of read, lake and admin'],
  [['create', '--scopes', ''], '--scopes is a list of read, lake and admin'],
  [['create', '--limit', '0'], '--limit is calls a minute'],
  [['create', '--limit', '1e3'], '--limit is calls a minute'],
  [['create', '--expires', 'tomorrow'], '--expires is a number of days'],
  [['create', '--expires', '99999d'], '--expires is a number of days'],
  [['create', '--expires', '2026-02-30'], '--expires is a number of days'],
  [['create', '--expires', '2026-11-20'], '--expires is in the past'],
  [['create', '--expires', '0d'], '--expires is in the past'],
  [['create', '--label', 'a\u001b[2Jb'], '--label has at most 100 characters, on one line'],
  [['create', '--label', 'x'.repeat(101)], '--label has at most 100 characters'],
  [['revoke-links'], 'Give --link URL'],
  [['revoke-links', '--link', 'https://estat.example/files/a.csv'], '--link is a whole link'],
  [['revoke-links', '--link', 'a.b.c', '--tenant', 'estat'], '--link stands alone'],
  [['revoke-links', '--tenant', 'estat', '--before', '2027-01-01'], '--before is a date'],
  [['signing'], '"signing" is for caller, links or admin'],
])('says what is wrong with %j', (args, why) => {
  expect(() => readCommand(args, NOW)).toThrow(why)
})

it('shows nothing in a table that would move a cursor', () => {
  const key = { id: 'abcdefgh', state: 'active', label: 'a\u001b[2J\u202eb' } as const
  const table = keyTable([key, { id: 'broken00', state: 'unreadable' }])
  expect(table).toContain('a?[2J?b')
  expect(table).toMatch(/^broken00 +unreadable$/m)
})
