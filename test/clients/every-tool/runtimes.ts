/** Where a client may run: this process, other runtimes as child processes, and a Worker. */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { BUN, DENO } from '../../platform/runtime-commands.ts'
import { serveWorkerd } from '../../platform/serve-workerd.ts'
import { callEveryTool, type Report, type RunOptions } from './run.ts'

export interface Runtime {
  run(options: RunOptions): Promise<Report>
  close(): Promise<void>
}

const script = fileURLToPath(new URL('script.ts', import.meta.url))
const nothing = async (): Promise<void> => {}

export const RUNTIMES: Readonly<Record<string, () => Promise<Runtime>>> = {
  Node: async () => ({ run: callEveryTool, close: nothing }),
  Bun: async () => child(BUN),
  Deno: async () => child([...DENO, '-A']),
  workerd: async () => {
    const entry = fileURLToPath(new URL('worker.ts', import.meta.url))
    const worker = await serveWorkerd({ entry, objects: {}, services: [{}] })
    return {
      close: () => worker.close(),
      async run(options) {
        const response = await fetch(worker.urls[0] as string, { method: 'POST', body: JSON.stringify(options) })
        if (!response.ok) throw new Error(`the Worker answered ${response.status}: ${await response.text()}`)
        return (await response.json()) as Report
      },
    }
  },
}

function child([program = '', ...flags]: readonly string[]): Runtime {
  return {
    close: nothing,
    run: (options) =>
      new Promise((resolve, reject) => {
        const running = spawn(program, [...flags, script, JSON.stringify(options)])
        let [said, complained] = ['', '']
        running.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
        running.stderr.on('data', (chunk: Buffer) => (complained += chunk.toString()))
        running.on('error', reject)
        running.on('close', (code) =>
          code === 0 ? resolve(JSON.parse(said) as Report) : reject(new Error(`ended with ${code}: ${complained}`)),
        )
      }),
  }
}
