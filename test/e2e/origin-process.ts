/** The origin as it runs in life: `node origin/main.ts` in a process of its own, which a test may kill. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { JWK } from 'jose'
import { type NewKey, newKey } from '../../shared/keys.ts'
import { freePort } from '../support/free-port.ts'

export { freePort }

export interface OriginProcess {
  readonly url: string
  readonly dataDir: string
  /** An administrator's key. */
  readonly adminKey: string
  readonly log: () => string
  /** Starts it again on the same folder and port. */
  restart(): Promise<void>
  kill(signal: NodeJS.Signals): Promise<void>
  /** Stops and continues the process as a platform does that lets it sleep between requests. */
  freeze(): void
  thaw(): void
  /** Of the process that runs now. */
  pid(): number
  close(): Promise<void>
}

export interface OriginSettings {
  readonly edgeKeys?: readonly JWK[]
  /** Further variables of `OriginConfig`. */
  readonly env?: Readonly<Record<string, string>>
  /** Another runtime than this Node: its program and flags, before the entry. */
  readonly runtime?: readonly string[]
  /** Another program than the source's entry, started in its own folder. */
  readonly program?: string
}

const entry = fileURLToPath(new URL('../../origin/main.ts', import.meta.url))

export async function startOrigin({
  edgeKeys = [],
  env = {},
  runtime = [process.execPath],
  program: started = entry,
}: OriginSettings = {}): Promise<OriginProcess> {
  const [program = '', ...flags] = runtime
  const dataDir = await mkdtemp(join(tmpdir(), 'origin-process-'))
  const port = await freePort()
  const admin: NewKey = await newKey((count) => crypto.getRandomValues(new Uint8Array(count)), {
    tenant: 'estat',
    scopes: [],
  })
  const variables = {
    PATH: process.env['PATH'],
    PORT: String(port),
    ESTAT_DATA_DIR: dataDir,
    ORIGIN_PUBLIC_KEYS: JSON.stringify(edgeKeys),
    ORIGIN_ADMIN_KEYS: `${admin.id}:${admin.record.hash}`,
    // A build in the background would ask the stand-ins of tests that count what they are asked.
    ESTAT_CATALOGUE: 'off',
    ...env,
  }
  let log = ''
  let child: ChildProcess | null = null

  async function start(): Promise<void> {
    const cwd = started === entry ? process.cwd() : dirname(started)
    child = spawn(program, [...flags, started], { cwd, env: variables, stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout?.on('data', (text: Buffer) => (log += text.toString()))
    child.stderr?.on('data', (text: Buffer) => (log += text.toString()))
    await healthy(url, () => log)
  }
  async function kill(signal: NodeJS.Signals): Promise<void> {
    const running = child
    if (!running || running.exitCode !== null || running.signalCode !== null) return
    const gone = new Promise((resolve) => running.once('exit', resolve))
    running.kill(signal)
    await gone
  }

  const url = `http://127.0.0.1:${port}`
  await start()
  return {
    url,
    dataDir,
    adminKey: admin.text,
    log: () => log,
    restart: start,
    kill,
    freeze: () => void child?.kill('SIGSTOP'),
    thaw: () => void child?.kill('SIGCONT'),
    pid: () => child?.pid ?? 0,
    async close() {
      await kill('SIGKILL')
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** @throws Error with the log, after 15 s. */
export async function healthy(url: string, log: () => string): Promise<void> {
  const until = Date.now() + 15_000
  while (Date.now() < until) {
    const response = await fetch(`${url}/health`).catch(() => null)
    if (response?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`the origin did not become healthy:\n${log()}`)
}

/** Calls a tool over plain HTTP, as an administrator does. @throws Error with the text of a refusal. */
export async function callTool(
  { url, adminKey }: Pick<OriginProcess, 'url' | 'adminKey'>,
  tool_name: string,
  args: object,
): Promise<Record<string, unknown>> {
  const response = await fetch(`${url}/execute`, {
    method: 'POST',
    headers: { 'x-api-key': adminKey, 'content-type': 'application/json' },
    body: JSON.stringify({ tool_name, arguments: args }),
  })
  const answer = (await response.json()) as { success: boolean; result: Record<string, unknown>; text: string }
  if (!answer.success) throw new Error(answer.text)
  return answer.result
}
