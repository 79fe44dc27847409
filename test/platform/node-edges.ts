/** The edge on Node as AWS runs it: one process or several, each its own, that share a DynamoDB. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { dynamoRecords } from '../../shared/aws/records-dynamodb.ts'
import { recordName } from '../../shared/keys.ts'
import { freePort } from '../support/free-port.ts'
import { issueKeyInto } from '../support/issue-key.ts'
import { wireDynamo } from '../support/wire-dynamodb.ts'
import type { RawEdges, RawEdgesOptions } from './raw-workerd.ts'
import { newSigningKey } from './workerd.ts'

const ENTRY = fileURLToPath(new URL('../../edge/platform/node.ts', import.meta.url))

export interface NodeEdges extends RawEdges {
  /** Ends one instance without a word. */
  kill(instance: number): void
}

export async function startNodeEdges({ originUrl, instances, vars = {} }: RawEdgesOptions): Promise<NodeEdges> {
  const key = await newSigningKey()
  const { d: _secret, ...publicKey } = key
  const wire = await wireDynamo()
  const settings = {
    ORIGIN_URL: originUrl,
    AUTH_MODE: 'key',
    CALLER_SIGNING_KEY: JSON.stringify(key),
    EDGE_STORE: 'dynamodb',
    ...wire.env,
    ...vars,
  }
  const started = await Promise.all(Array.from({ length: instances }, () => start(settings)))
  const records = dynamoRecords({ dynamo: wire.dynamo, now: Date.now })
  return {
    urls: started.map(({ url }) => url),
    pids: started.map(({ child }) => child.pid as number),
    publicKey,
    log: () => started.map(({ log }) => log()).join(''),
    issueKey: (grant) => issueKeyInto((id, record) => records.put(recordName(id), JSON.stringify(record)), grant),
    kill: (instance) => void started[instance]?.child.kill('SIGKILL'),
    async close() {
      for (const { child } of started) child.kill('SIGKILL')
      await wire.close()
    },
  }
}

interface Started {
  readonly child: ChildProcess
  readonly url: string
  readonly log: () => string
}

/** Of a million requests the last ones' lines. */
const LOG_CHARS = 200_000

async function start(settings: Readonly<Record<string, string>>): Promise<Started> {
  const port = await freePort()
  const child = spawn(process.execPath, [ENTRY], {
    env: { PATH: process.env['PATH'], EDGE_PORT: String(port), ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let log = ''
  child.stdout.on('data', (text: Buffer) => (log = (log + text.toString()).slice(-LOG_CHARS)))
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the edge ended with ${String(code)}`)
  })
  const listening = new Promise<void>((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => line.includes('"listening"') && resolve())
  })
  await Promise.race([listening, ended])
  ended.catch(() => {})
  return { child, url: `http://127.0.0.1:${port}`, log: () => log }
}
