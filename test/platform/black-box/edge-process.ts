/** An edge in a process of its own, as its operator starts it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../e2e/origin-process.ts'

export const root = fileURLToPath(new URL('../../..', import.meta.url))

export interface EdgeProcess {
  readonly url: string
  readonly log: () => string
  readonly signal: (signal: NodeJS.Signals) => void
  /** Resolves with its exit code, or null where a signal ended it. */
  readonly ended: Promise<number | null>
  close(): Promise<void>
}

const READY_MS = 20_000

/** @param env beside PATH and EDGE_PORT, everything it is told. */
export async function startEdgeProcess(
  command: readonly string[],
  env: Readonly<Record<string, string>>,
  scheme: 'http' | 'https' = 'http',
): Promise<EdgeProcess> {
  const port = await freePort()
  const [program = '', ...args] = command
  const child: ChildProcess = spawn(program, args, {
    cwd: root,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], EDGE_PORT: String(port), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  child.stdout?.on('data', (text: Buffer) => (log += text.toString()))
  child.stderr?.on('data', (text: Buffer) => (log += text.toString()))
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  for (const until = Date.now() + READY_MS; !log.includes('"listening"'); await sleep(25)) {
    if (child.exitCode !== null) throw new Error(`the edge ended with ${child.exitCode}:\n${log}`)
    if (Date.now() > until) throw new Error(`the edge did not listen:\n${log}`)
  }
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    log: () => log,
    signal: (signal) => void child.kill(signal),
    ended,
    async close() {
      child.kill('SIGKILL')
      await ended
    },
  }
}
