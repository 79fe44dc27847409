/** `@modelcontextprotocol/conformance` as a child process, and what its files say. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A call back to the client never comes without a session: those scenarios wait this long. */
const TIMEOUT_MS = 6_000

export interface Verdict {
  readonly scenario: string
  /** Of the requirement set, or beside it: extensions and pending scenarios are run and not scored. */
  readonly scored: boolean
  readonly failures: readonly string[]
}

/** Runs what a revision requires, frozen at its release. */
export async function runSuite(url: string, revision: string): Promise<readonly Verdict[]> {
  const folder = await mkdtemp(join(tmpdir(), 'conformance-'))
  try {
    const args = ['server', '--url', url, '--requirements', revision, '--timeout', String(TIMEOUT_MS), '-o', folder]
    const said = await run([entry(), ...args])
    const beside = new Set([...said.matchAll(/^ {2}[✓✗] (\S+) \(/gm)].map(([, name]) => name))
    const names = await readdir(folder)
    return await Promise.all(
      names.map(async (name) => {
        const scenario = name.replace(/^server-/, '').replace(/-\d{4}-\d\d-\d\dT.*$/, '')
        return { scenario, scored: !beside.has(scenario), failures: await failuresIn(join(folder, name)) }
      }),
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const entry = (): string => {
  const { resolve } = createRequire(import.meta.url)
  return join(dirname(resolve('@modelcontextprotocol/conformance/package.json')), 'dist', 'index.js')
}

interface Check {
  readonly id: string
  readonly status: string
  readonly errorMessage?: string
}

async function failuresIn(folder: string): Promise<readonly string[]> {
  const file = join(folder, 'checks.json')
  if (!existsSync(file)) return ['no checks were written']
  const checks = JSON.parse(await readFile(file, 'utf8')) as readonly Check[]
  return checks
    .filter(({ status }) => status === 'FAILURE')
    .map(({ id, errorMessage = '' }) => `${id}: ${errorMessage.slice(0, 200)}`)
}

/** Its exit code says no more than its files do, and counts what is left out by name. */
function run(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
    child.on('error', reject)
    child.on('exit', (code) => (code === null ? reject(new Error('the suite was killed')) : resolve(said)))
  })
}
