/** What the settings of the administration ask for, and what they lack. */
import { mkdtemp, mkdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { adminFrom } from '../../../origin/admin/from-config.ts'
import { embeddedPorts } from '../../../origin/embedded.ts'
import { OriginConfig, parseConfig } from '../../../shared/config.ts'
import { metricsRegistry } from '../../../shared/metrics.ts'

const now = (): number => Date.now()

async function madeFrom(env: Readonly<Record<string, string>>) {
  const dataDir = await mkdtemp(join(tmpdir(), 'admin-config-'))
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }))
  const made = adminFrom(parseConfig(OriginConfig, { ...env, ESTAT_DATA_DIR: dataDir }), {
    ports: embeddedPorts({ dataDir, bucket: 'estat-lake', appId: null, now }),
    metrics: metricsRegistry(),
    condition: () => Promise.resolve({ store: 'ok', problem: null }),
    env,
    log: () => {},
    report: () => {},
    now,
  })
  return { ...made, dataDir }
}

describe('what lacks is named', () => {
  it.each<[Record<string, string>, string]>([
    [{ EDGE_URL: 'https://edge.example' }, 'EDGE_ADMIN_KEY'],
    [{ EDGE_ADMIN_KEY: 'hush-hush' }, 'EDGE_URL'],
    [{ EDGE_TABLE: 'estat-edge' }, 'AWS_REGION'],
    [{ EDGE_TABLE: 'estat-edge', AWS_REGION: 'ap-northeast-1' }, 'access key'],
    [{ ADMIN_PORT: '0' }, 'ADMIN_PORT'],
  ])('%j', async (env, lacking) => {
    const made = madeFrom(env)
    await expect(made).rejects.toThrow(lacking)
    await expect(made).rejects.not.toThrow('hush-hush')
  })
})

it('reaches the keys through DynamoDB where its table is named', async () => {
  const keys = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' }
  expect((await madeFrom({ EDGE_TABLE: 'estat-edge', AWS_REGION: 'ap-northeast-1', ...keys })).records).not.toBeNull()
  expect((await madeFrom({})).records).toBeNull()
})

it('has no copies where the lake is on this disk; on AWS it counts them and clears those at rest', async () => {
  expect((await madeFrom({})).copies).toBeNull()
  const { copies, dataDir } = await madeFrom({ ESTAT_HOME: 'aws', AWS_REGION: 'ap-northeast-1' })
  expect(await copies?.size()).toEqual({ files: 0, bytes: 0 })
  await mkdir(join(dataDir, 'cache'))
  for (const name of ['old.parquet', 'used.parquet']) await writeFile(join(dataDir, 'cache', name), '12345')
  await utimes(join(dataDir, 'cache', 'old.parquet'), 1, 1)
  expect(await copies?.size()).toEqual({ files: 2, bytes: 10 })
  expect(await copies?.clear()).toEqual({ files: 1, bytes: 5 })
  expect(await copies?.size()).toEqual({ files: 1, bytes: 5 })
})
