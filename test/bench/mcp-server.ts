/** A server in a process of its own, and what its answers cost it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { freePort } from '../e2e/origin-process.ts'

export interface Measured {
  readonly url: string
  /** CPU time of the whole process since it began, its threads among it: milliseconds. */
  cpuMs(): Promise<number>
  close(): Promise<void>
}

const PRELOADED = new URL('./mcp-cpu.ts', import.meta.url).href

/** @param entry Listens at `PORT` and answers `GET /health`. */
export async function startMeasured(
  entry: URL,
  env: Readonly<Record<string, string>>,
  flags: readonly string[] = [],
): Promise<Measured> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const child = spawn(process.execPath, [...flags, '--import', PRELOADED, fileURLToPath(entry)], {
    env: { PATH: process.env['PATH'], PORT: String(port), ...env },
    // What it logs is written and read, as where it serves.
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  child.stdout?.resume()
  await healthy(url, child)
  return {
    url,
    async cpuMs() {
      child.send('cpu')
      const [{ cpu }] = (await once(child, 'message')) as [{ cpu: NodeJS.CpuUsage }]
      return (cpu.user + cpu.system) / 1000
    },
    async close() {
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      await gone
    },
  }
}

async function healthy(url: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`)
    const response = await fetch(`${url}/health`).catch(() => null)
    if (response?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('the server did not become healthy')
}
