/** `npm run keys` as an operator runs it: a process of its own, on each platform's own kind of store. */
import { execFile } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordKeys } from '../../edge/adapters/keys-records.ts'
import { diskRecords } from '../../edge/adapters/records-disk.ts'
import { kvRecords } from '../../edge/adapters/records-kv.ts'
import { memoryRecords } from '../../edge/adapters/records-memory.ts'
import { recentRecords } from '../../edge/recent-records.ts'
import { revokedLinks } from '../../edge/revoked-links.ts'
import { keys } from '../../infra/scripts/keys/main.ts'
import { openLocalState } from '../../infra/scripts/local-state.ts'
import { dynamoRecords } from '../../shared/aws/records-dynamodb.ts'
import { signCallerToken, verifyCallerToken } from '../../shared/caller-token.ts'
import { EdgeConfig, OriginConfig } from '../../shared/config.ts'
import { hashSecret, parseKey, recordName } from '../../shared/keys.ts'
import type { Records } from '../../shared/records.ts'
import { wireDynamo } from '../support/wire-dynamodb.ts'
import { wireKvApi } from '../support/wire-kv-api.ts'
import { planted } from '../toolchain/planted.ts'

const root = join(import.meta.dirname, '../..')
const script = join(root, 'infra/scripts/keys.ts')
const main = join(root, 'infra/scripts/keys/main.ts')

interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

type Run = (...args: string[]) => Promise<Ended>

/** With nothing of this environment but where programs are: no credential of whoever runs the tests is ever used. */
const runner =
  (entry: string, env: Readonly<Record<string, string>>, ...always: string[]): Run =>
  (...args) =>
    new Promise((resolve) => {
      const only = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...env }
      execFile(process.execPath, [entry, ...args, ...always], { env: only }, (error, out, err) =>
        resolve({ code: error ? Number(error.code) : 0, out, err }),
      )
    })

/** The same without a process of its own, which takes most of the time. */
const inProcess =
  (env: Readonly<Record<string, string>>, ...always: string[]): Run =>
  async (...args) => {
    const [out, err]: [string[], string[]] = [[], []]
    const code = await keys({
      args: [...args, ...always],
      env,
      root: env['root'] ?? root,
      cwd: root,
      say: (text) => void out.push(text, '\n'),
      complain: (text) => void err.push(text, '\n'),
    })
    return { code, out: out.join(''), err: err.join('') }
  }

interface Shown {
  /** The whole key. */
  readonly text: string
  readonly id: string
  /** What nobody may see again. */
  readonly hidden: readonly string[]
}

/** What an edge on the same store makes of it, with a clock that the test turns. */
function edgeOn(records: Pick<Records, 'get'>) {
  let time = Date.now()
  const now = () => time
  const recent = recentRecords({ records: { ...memoryRecords({ now }), ...records }, now, report: () => {} })
  return {
    keys: recordKeys({ records: recent, report: () => {} }),
    links: revokedLinks(recent),
    aMinute: () => void (time += 60_000),
    now,
  }
}

/** A key's life, from the command line to the edge. */
async function life(run: Run, records: Pick<Records, 'get'>, meanwhile: (made: Shown) => Promise<void>): Promise<void> {
  const edge = edgeOn(records)
  const words = ['--label', '統計局 "A"', '--scopes', 'read,lake', '--limit', '7', '--expires', '90d']
  const made = await run('create', ...words)
  expect(made).toMatchObject({ code: 0, err: '' })
  const text = made.out.split('\n')[0] ?? ''
  const { id, secret } = parseKey(text) ?? { id: '', secret: '' }
  const hash = await hashSecret(secret)
  expect(await edge.keys.find(id)).toMatchObject({ hash, tenant: 'estat', scopes: ['read', 'lake'], limit: 7 })
  const link = { tenant: 'estat', jti: 'jti-0001', sub: id, iat: 1 }
  expect(await edge.links.isRevoked(link)).toBe(false)
  await meanwhile({ text, id, hidden: [secret, hash] })
  expect(await run('revoke', id)).toMatchObject({ code: 0, err: '' })
  edge.aMinute()
  expect(await edge.keys.find(id)).toBeNull()
  expect(await edge.links.isRevoked(link)).toBe(true)
}

/** The same, with everything that only looks. */
async function wholeLife(run: Run, records: Pick<Records, 'get'>, look: Run = run): Promise<void> {
  let id = ''
  await life(run, records, async (made) => {
    ;({ id } = made)
    for (const { code, out } of [await look('list'), await look('show', made.text)]) {
      expect(code).toBe(0)
      expect(out).toMatch(/統計局 "A"/)
      for (const hidden of made.hidden) expect(out).not.toContain(hidden)
    }
  })
  expect(JSON.parse((await look('show', id, '--json')).out)).toMatchObject({ id, state: 'revoked' })
  const unknown = await look('revoke', 'nobody000')
  expect(unknown).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^There is no key nobody000/) })
}

describe('in a file of this machine', () => {
  it('leads a key through its life, whoever else reads the file', async () => {
    const folder = await planted({})
    const path = join(folder, 'deep', 'keys.json')
    const [env, place] = [{ KEYS_FILE: path }, ['--platform', 'file']]
    await wholeLife(runner(script, env, ...place), diskRecords({ path, now: Date.now }), inProcess(env, ...place))
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })

  it('takes a path from where npm was called, and ends links', async () => {
    const folder = await planted({})
    const run = runner(script, { INIT_CWD: folder }, '--platform', 'file', '--file', 'keys.json', '--json')
    const before = new Date(Date.now() - 60_000).toISOString()
    expect(await run('revoke-links', '--tenant', 'estat', '--before', before)).toMatchObject({ code: 0 })
    const edge = edgeOn(diskRecords({ path: join(folder, 'keys.json'), now: Date.now }))
    const link = { tenant: 'estat', jti: 'jti-0001', sub: 'someone' }
    const second = Math.floor(Date.now() / 1000)
    expect(await edge.links.isRevoked({ ...link, iat: second - 120 })).toBe(true)
    expect(await edge.links.isRevoked({ ...link, iat: second })).toBe(false)
  })

  it('shows how to end a key with the place as it was typed', async () => {
    const path = join(await planted({}), "Tanaka's keys.json")
    const made = await inProcess({}, '--platform', 'file', '--file', path)('create')
    const id = made.out.split('.')[0]
    expect(made.out).toContain(`npm run keys -- revoke ${id} --platform file --file '${path.replace("'", "'\\''")}'\n`)
  })

  it('changes nothing in a file that is none, and says so', async () => {
    const folder = await planted({ 'keys.json': 'hash-of-a-secret' })
    const run = inProcess({ KEYS_FILE: join(folder, 'keys.json') }, '--platform', 'file')
    const failed = await run('create')
    expect(failed).toEqual({ code: 1, out: '', err: 'No key was changed: the file of records is not one.\n' })
    expect(await readFile(join(folder, 'keys.json'), 'utf8')).toBe('hash-of-a-secret')
  })
})

describe('in the KV of npm start', () => {
  it('leads a key through its life while the edge runs on the same folder', async () => {
    const toml = '[[kv_namespaces]]\nbinding = "KEYS"\n'
    const folder = await planted({
      'wrangler.toml': toml,
      'entry.ts': `
        import { keys } from ${JSON.stringify(main)}
        process.exitCode = await keys({ args: process.argv.slice(2), env: process.env, root: import.meta.dirname,
          cwd: '/', say: (text) => console.log(text), complain: (text) => console.error(text) })`,
    })
    const { key } = await openLocalState(folder, 'http://127.0.0.1:8787')
    const miniflare = new Miniflare(
      convertV4MiniflareOptions({
        name: 'edge',
        modules: true,
        script: 'export default {}',
        kvNamespaces: { KEYS: 'KEYS' },
        resourcePersistencePath: join(folder, '.estat', 'wrangler', 'v3'),
      }),
    )
    try {
      const kv = await miniflare.getKVNamespace('KEYS')
      await life(runner(join(folder, 'entry.ts'), {}), kvRecords(kv), async () => {})
      await kv.put(recordName(key.id), JSON.stringify(key.record))
      const own = await inProcess({ root: folder })('revoke', key.id)
      expect(own).toMatchObject({ code: 0, out: expect.stringContaining('npm start prints this very key') })
    } finally {
      await miniflare.dispose()
    }
    const empty = await planted({})
    const early = await inProcess({ root: empty })('list')
    expect(early).toMatchObject({ code: 1, err: expect.stringContaining('npm start has not run here yet') })
  })
})

describe('in DynamoDB', () => {
  let wire: Awaited<ReturnType<typeof wireDynamo>>
  beforeAll(async () => {
    wire = await wireDynamo('estat-keys')
  })
  afterAll(() => wire.close())

  it('leads a key through its life', async () => {
    const run = inProcess(wire.env, '--platform', 'aws')
    await wholeLife(run, dynamoRecords({ dynamo: wire.dynamo, now: Date.now }))
  })

  it('says what is wrong with table, region and credentials', async () => {
    const { AWS_REGION: _region, AWS_ACCESS_KEY_ID: _id, ...less } = wire.env
    const list = (env: Readonly<Record<string, string>>, ...args: string[]) =>
      inProcess(env, '--platform', 'aws')('list', ...args)
    expect((await list(wire.env, '--table', 'another')).err).toMatch(/^There is no such table in this region/)
    expect((await list(less)).err).toMatch(/^Which region\?/)
    expect((await list(less, '--region', 'ap-northeast-1')).err).toMatch(/^There are no AWS credentials/)
    expect((await list(wire.env, '--region', 'Tokyo')).err).toMatch(/AWS_REGION: must be a region/)
  })
})

describe("in Workers KV, by Cloudflare's REST API", () => {
  let wire: Awaited<ReturnType<typeof wireKvApi>>
  beforeAll(async () => {
    wire = await wireKvApi()
  })
  afterAll(() => wire.close())

  it('leads a key through its life', async () => {
    const run = inProcess(wire.env, '--platform', 'cloudflare', '--namespace', wire.namespaceId)
    const get = (name: string) => Promise.resolve(wire.values.get(name) ?? null)
    await wholeLife(run, { get })
  })

  it('lists a thousand keys in some twenty requests', async () => {
    const record = [...wire.values].find(([name]) => name.startsWith('key:'))?.[1] ?? ''
    for (let at = 0; at < 1_000; at++) wire.values.set(`key:many${String(at).padStart(4, '0')}`, record)
    const before = wire.heard.length
    const run = inProcess(wire.env, '--platform', 'cloudflare', '--namespace', wire.namespaceId)
    const listed = JSON.parse((await run('list', '--json')).out) as unknown[]
    expect(listed.length).toBeGreaterThanOrEqual(1_000)
    expect(wire.heard.length - before).toBeLessThan(30)
  })

  it('says what is wrong with token, account and namespace, and repeats none of them', async () => {
    const list = (env: Readonly<Record<string, string>>, ...args: string[]) =>
      inProcess({ ...wire.env, ...env }, '--platform', 'cloudflare')('list', ...args)
    const refused = await list({ CLOUDFLARE_API_TOKEN: 'stolen-token' }, '--namespace', wire.namespaceId)
    expect(refused).toMatchObject({ code: 1, err: expect.stringMatching(/^Cloudflare refused the token/) })
    expect(refused.err).not.toContain('stolen-token')
    expect((await list({}, '--namespace', 'e'.repeat(32))).err).toMatch(/^Cloudflare knows no such namespace/)
    expect((await list({ CLOUDFLARE_ACCOUNT_ID: '' })).err).toMatch(/^CLOUDFLARE_ACCOUNT_ID is not set/)
    expect((await list({})).err).toMatch(/^Which namespace\?/)
    const down = await list({ CLOUDFLARE_API_BASE_URL: 'http://127.0.0.1:9' }, '--namespace', wire.namespaceId)
    expect(down).toMatchObject({ code: 1, err: expect.stringMatching(/^The store does not answer/) })
  })
})

describe('signing keys', () => {
  const run = runner(script, {})

  it('makes pairs that edge and origin take, and that fit each other', async () => {
    const caller = JSON.parse((await run('signing', 'caller', '--json')).out) as Record<string, string>
    const links = JSON.parse((await run('signing', 'links', '--json')).out) as Record<string, string>
    const signingKey = EdgeConfig.shape.CALLER_SIGNING_KEY.parse(caller['CALLER_SIGNING_KEY'])
    const keys = OriginConfig.shape.ORIGIN_PUBLIC_KEYS.parse(caller['ORIGIN_PUBLIC_KEYS'])
    const [request, now] = [{ method: 'GET', path: '/tools', body: new Uint8Array() }, Date.now()]
    const who = { id: 'someone', tenant: 'estat', scopes: ['read'] } as const
    const jti = crypto.randomUUID()
    const token = await signCallerToken({ caller: who, key: signingKey, request, now, jti })
    expect(await verifyCallerToken(token, { keys, request, now })).toMatchObject({ caller: who })
    expect(links).toMatchObject({ LINK_SIGNING_KEY: expect.any(String), LINK_PUBLIC_KEYS: expect.any(String) })
    const [published] = EdgeConfig.shape.LINK_PUBLIC_KEYS.parse(links['LINK_PUBLIC_KEYS'])
    expect(published).not.toHaveProperty('d')
    expect(OriginConfig.shape.LINK_SIGNING_KEY.parse(links['LINK_SIGNING_KEY'])).toMatchObject({ x: published?.x })
  })

  it("makes an administrator's key of which the origin is given the hash alone", async () => {
    const { key = '', ORIGIN_ADMIN_KEYS: line } = JSON.parse((await run('signing', 'admin', '--json')).out) as Record<
      string,
      string
    >
    const { id, secret } = parseKey(key) ?? { id: '', secret: '' }
    expect(line).toBe(`${id}:${await hashSecret(secret)}`)
    expect(OriginConfig.shape.ORIGIN_ADMIN_KEYS.parse(line)).toHaveLength(1)
  })
})
