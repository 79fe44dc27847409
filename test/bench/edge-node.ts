/**
 * The edge on Node for the bench: limits and keys in a DynamoDB of another process, or in its own memory; its log goes
 * nowhere, because a pipe that nobody empties in time holds a process up.
 */
import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { diskRecords } from '../../edge/adapters/records-disk.ts'
import { dynamo } from '../../shared/aws/dynamodb.ts'
import { dynamoRecords } from '../../shared/aws/records-dynamodb.ts'
import { awsSender } from '../../shared/aws/sender.ts'
import { type KeyRecord, recordName } from '../../shared/keys.ts'
import type { Records } from '../../shared/records.ts'
import { freePort } from '../support/free-port.ts'

export interface BenchEdge {
  readonly url: string
  readonly pid: number
  putKey(id: string, record: KeyRecord): Promise<void>
  close(): Promise<void>
}

interface Store {
  readonly env: Readonly<Record<string, string>>
  readonly records: Records
  close(): void
}

const script = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

export async function startBenchEdge(store: Store, vars: Readonly<Record<string, string>>): Promise<BenchEdge> {
  const port = await freePort()
  const child = spawn(process.execPath, [script('../../edge/platform/node.ts')], {
    env: { PATH: process.env['PATH'], AUTH_MODE: 'key', EDGE_PORT: String(port), ...store.env, ...vars },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const url = `http://127.0.0.1:${port}`
  const up = (): Promise<boolean> =>
    fetch(`${url}/health`).then(
      () => true,
      () => false,
    )
  while (!(await up())) await sleep(50)
  return {
    url,
    pid: child.pid as number,
    putKey: (id, record) => store.records.put(recordName(id), JSON.stringify(record)),
    async close() {
      child.kill('SIGKILL')
      await once(child, 'exit')
      store.close()
    },
  }
}

export async function dynamoStore(): Promise<Store> {
  const child = fork(script('dynalite-process.ts'))
  const [{ env }] = (await once(child, 'message')) as [{ env: Record<string, string> }]
  const {
    AWS_ENDPOINT_URL_DYNAMODB: endpoint = '',
    AWS_REGION: region = '',
    AWS_ACCESS_KEY_ID: accessKeyId = '',
    AWS_SECRET_ACCESS_KEY: secretAccessKey = '',
    EDGE_TABLE: table = '',
  } = env
  const credentials = () => Promise.resolve({ accessKeyId, secretAccessKey })
  const aws = awsSender({ service: 'dynamodb', region, credentials, send: (request) => fetch(request) })
  return {
    env: { EDGE_STORE: 'dynamodb', ...env },
    records: dynamoRecords({ dynamo: dynamo({ endpoint, table, aws }), now: Date.now }),
    close: () => child.disconnect(),
  }
}

export function memoryStore(): Store {
  const folder = mkdtempSync(join(tmpdir(), 'edge-keys-'))
  const file = join(folder, 'keys.json')
  return {
    env: { KEYS_FILE: file },
    records: diskRecords({ path: file, now: Date.now }),
    close: () => rmSync(folder, { recursive: true, force: true }),
  }
}
