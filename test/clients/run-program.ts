/** A client's program as a person runs it, in a home of its own. */
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

export interface Home {
  readonly folder: string
  /** Nothing of this machine's environment goes along but PATH. */
  run(command: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ran>
  close(): Promise<void>
}

const LONGEST_MS = 60_000

export async function openHome(): Promise<Home> {
  const folder = await mkdtemp(join(tmpdir(), 'client-home-'))
  return {
    folder,
    run: ([program = '', ...args], env = {}) =>
      new Promise((resolve, reject) => {
        const child = spawn(program, args, {
          cwd: folder,
          env: { PATH: process.env['PATH'], HOME: folder, ...env },
          stdio: ['ignore', 'pipe', 'pipe'],
          timeout: LONGEST_MS,
        })
        let [out, err] = ['', '']
        child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
        child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
        child.on('error', reject)
        child.on('close', (code) => resolve({ code, out, err }))
      }),
    close: () => rm(folder, { recursive: true, force: true }),
  }
}
