/** `npm run verify:aws` against stand-ins: that it proves what it says, and leaves nothing behind. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyAws } from '../../infra/scripts/verify-aws/verify.ts'
import { WIRE_KEYS } from '../support/wire-s3/server.ts'
import { type WireAwsHome, wireAwsHome } from '../support/wire-aws-home.ts'

const BUCKET = 'verify-lake'
let folder = ''
let aws: WireAwsHome
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'verify-'))
  aws = await wireAwsHome({ folder, bucket: BUCKET, databasePrefix: 'estat_' })
  process.env['AWS_ACCESS_KEY_ID'] = WIRE_KEYS.accessKeyId
  process.env['AWS_SECRET_ACCESS_KEY'] = WIRE_KEYS.secretAccessKey
})
afterAll(async () => {
  delete process.env['AWS_ACCESS_KEY_ID']
  delete process.env['AWS_SECRET_ACCESS_KEY']
  await aws.close()
  await rm(folder, { recursive: true, force: true })
})

async function verify(env: Readonly<Record<string, string>> = {}, yes = true) {
  const lines: string[] = []
  const holds = await verifyAws({
    env: { ...aws.env, ...env },
    say: (line) => void lines.push(line),
    agree: async () => yes,
    signal: new AbortController().signal,
  })
  return { holds, text: lines.join('\n') }
}
/** Objects, and tables of databases that the verification made. */
const left = () => [...aws.s3.bucket(BUCKET).objects.keys()]

describe('npm run verify:aws', { timeout: 60_000 }, () => {
  it('holds, says what it costs before it begins, and leaves nothing', async () => {
    const { holds, text } = await verify()
    expect(text).toMatch(/^This makes in your account, in ap-northeast-1[^]*US dollars[^]*1\/6 Our writer/)
    expect(text).toMatch(/Athena and DuckDB: 21 rows, at most 14047594;/)
    expect(text).toMatch(/Athena and DuckDB: 21 rows, at most 14047595;/)
    expect(text).toMatch(
      /Athena and DuckDB: 42 rows, at most 14047595;[^]*nothing is left\nThe AWS side holds: 6 steps\.$/,
    )
    expect(holds).toBe(true)
    expect(left()).toEqual([])
    const database = /Glue database (estat_verify_[0-9a-f]{8})/.exec(text)?.[1] ?? ''
    expect([database.length, aws.glue.database(database)]).toEqual([21, undefined])
    expect(aws.athena.executions().map(({ sql }) => sql.split(' ')[0])).toEqual(
      expect.arrayContaining(['SELECT', 'MERGE', 'OPTIMIZE']),
    )
  })

  it('makes nothing without consent', async () => {
    const requests = aws.s3.requests.length
    expect(await verify({}, false)).toMatchObject({ holds: false, text: expect.stringMatching(/Nothing was made\.$/) })
    expect(aws.s3.requests).toHaveLength(requests)
  })

  it('says what is wrong with credentials or bucket before it makes anything', async () => {
    const requests = aws.glue.requests.length
    const { holds, text } = await verify({ S3_BUCKET: 'no-such-bucket' })
    expect(holds).toBe(false)
    expect(text).toMatch(/Nothing was made: The bucket of the lake does not exist\. Ask[^\n]*$/)
    expect(aws.glue.requests).toHaveLength(requests)
  })

  it('cleans up after a step that fell short, and says which', async () => {
    const fault = { kind: 'refuse', status: 400, code: 'AccessDeniedException' } as const
    aws.athena.plan({ on: 'StartQueryExecution', containing: 'MERGE', times: 9, fault })
    const { holds, text } = await verify()
    expect(holds).toBe(false)
    expect(text).toMatch(/4\/6 Athena's MERGE[^]*It does not hold: The server may not use Athena[^]*nothing is left$/)
    expect(left()).toEqual([])
  })

  it('says what it could not take away', async () => {
    const fault = { kind: 'refuse', status: 400, code: 'AccessDeniedException' } as const
    aws.glue.plan({ on: 'DeleteTable', times: 9, fault })
    const { holds, text } = await verify()
    expect(holds).toBe(false)
    expect(text).toMatch(/could not be taken away: the Glue database estat_verify_/)
    expect(left()).toEqual([])
    aws.glue.heal()
  })

  it.each([
    [{ S3_BUCKET: '' }, /S3_BUCKET: is required/],
    [{ AWS_REGION: '' }, /AWS_REGION: is required/],
    [{ S3_BUCKET: 'Not A Bucket' }, /S3_BUCKET: must be a bucket name/],
  ])('refuses %j before anything is asked', async (env, says) => {
    const requests = aws.s3.requests.length
    await expect(verify(env)).rejects.toThrow(says)
    expect(aws.s3.requests).toHaveLength(requests)
  })
})
