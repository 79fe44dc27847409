/** The origin under other runtimes: the tour's twelve steps, SQL and the engine's own process among them. */
import { spawn } from 'node:child_process'
import { startOrigin } from '../../e2e/origin-process.ts'
import { BUN, DENO } from '../runtime-commands.ts'
import { root } from './edge-process.ts'

const RUNTIMES: Readonly<Record<string, readonly string[]>> = { Bun: BUN, Deno: [...DENO, '-A'] }

/** One line for each runtime; what failed is among them with the end of what it said. */
export async function tourOrigins(): Promise<readonly { readonly holds: boolean; readonly line: string }[]> {
  const told = []
  for (const [name, runtime] of Object.entries(RUNTIMES)) {
    const origin = await startOrigin({ runtime })
    try {
      const { code, text } = await tour(origin.url, origin.adminKey)
      const end = text.trim().split('\n').slice(-1).join('')
      told.push({ holds: code === 0, line: `origin on ${name}: ${end}` })
    } finally {
      await origin.close()
    }
  }
  return told
}

function tour(url: string, key: string): Promise<{ code: number | null; text: string }> {
  const child = spawn(process.execPath, ['infra/scripts/tour.ts', '--url', url, '--key', key], { cwd: root })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, text })))
}
