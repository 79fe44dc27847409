/** The Worker as wrangler would upload it: its size, and what its start costs. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const root = fileURLToPath(new URL('../..', import.meta.url))
const LIMIT_KB = 250
const env = { ...process.env, WRANGLER_SEND_METRICS: 'false', CLOUDFLARE_CF_FETCH_ENABLED: 'false', CI: '1' }

export function measureBundle(): void {
  const folder = mkdtempSync(join(tmpdir(), 'edge-bundle-'))
  try {
    wrangler(['deploy', '--dry-run', '--minify', '--outdir', folder])
    const code = readdirSync(folder).filter((name) => /\.(m?js|wasm)$/.test(name))
    const sizes = code.map((name) => readFileSync(join(folder, name)))
    const whole = sizes.reduce((sum, { length }) => sum + length, 0)
    const packed = sizes.reduce((sum, bytes) => sum + gzipSync(bytes, { level: 9 }).length, 0)
    console.log(`\n== bundle: ${kb(whole)} KB, gzipped ${kb(packed)} KB (limit ${LIMIT_KB} KB)`)
    const profile = join(folder, 'startup.cpuprofile')
    wrangler(['check', 'startup', '--outfile', profile])
    console.log(`   start-up CPU: ${startUpMs(profile).toFixed(1)} ms (sampled by wrangler check startup)`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function wrangler(args: readonly string[]): void {
  const { status, stderr, stdout } = spawnSync(join(root, 'node_modules', '.bin', 'wrangler'), args, { cwd: root, env })
  if (status !== 0) throw new Error(`wrangler ${args[0]} ended with ${status}: ${String(stdout)}${String(stderr)}`)
}

interface Profile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: { readonly functionName: string } }[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

/** Samples that were not idle (V8 CPU profile; deltas in microseconds). */
function startUpMs(file: string): number {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(file, 'utf8')) as Profile
  const idle = new Set(
    nodes.filter(({ callFrame }) => /^\((idle|root)\)$/.test(callFrame.functionName)).map(({ id }) => id),
  )
  return samples.reduce((sum, id, at) => sum + (idle.has(id) ? 0 : (timeDeltas[at] ?? 0)), 0) / 1000
}

const kb = (bytes: number): string => (bytes / 1000).toFixed(0)
