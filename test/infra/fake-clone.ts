/**
 * A folder that looks like the project to the supervisor: an origin and a wrangler of a few lines that behave as told,
 * the real bootstrap of nothing. The supervisor itself is the real one, in a process of its own.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished } from 'vitest'
import { freePorts } from '../../infra/scripts/start/free-ports.ts'
import { planted } from '../toolchain/planted.ts'

const serveFile = join(import.meta.dirname, '../../infra/scripts/start/serve.ts')

/** Answers with its environment; ends itself on `/die`. */
const ORIGIN = `
import { createServer } from 'node:http'
console.log('origin speaks')
createServer((request, response) => {
  if (request.url === '/die') { console.error('the last words of the origin'); process.exit(7) }
  response.end(JSON.stringify(process.env))
}).listen(Number(process.env.PORT), '127.0.0.1')
`

/** A launcher that starts the one who serves, as wrangler starts workerd: to end the launcher alone is not enough. */
const WRANGLER = `
const { spawn } = require('node:child_process')
const value = (name) => process.argv.find((text) => text.startsWith('--' + name + '=')).slice(name.length + 3)
if (process.env.HEARTLESS) process.on('SIGTERM', () => {})
spawn(process.execPath, ['-e', \`
  \${process.env.HEARTLESS ? 'process.on("SIGTERM", () => {})' : ''}
  const { readFileSync } = require('node:fs')
  require('node:http').createServer((request, response) => response.end(JSON.stringify({
    env: process.env, vars: readFileSync(\${JSON.stringify(value('env-file'))}, 'utf8'),
  }))).listen(\${value('port')}, '127.0.0.1')
\`], { stdio: 'inherit' })
setInterval(() => {}, 1000)
`

const TOUR = `
console.log('tour of', process.argv.slice(2).join(' '), 'app id', process.env.ESTAT_APP_ID ?? 'unknown')
process.exitCode = Number(process.env.LC_TOUR_CODE ?? 0)
`

const ENTRY = `
import { serve } from ${JSON.stringify(serveFile)}
const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stop.abort())
try {
  const root = import.meta.dirname
  await serve({ root, env: process.env, node: process.execPath, tour: true, say: (text) => console.log(text), stop: stop.signal })
} catch (error) {
  console.error(error.name + ': ' + error.message)
  process.exitCode = 1
}
`

/** Said last, when all is running. */
export const RUNNING = 'Stop: Ctrl-C'

export interface FakeClone {
  readonly root: string
  readonly ports: { readonly origin: number; readonly edge: number; readonly admin: number }
  start(env?: Readonly<Record<string, string>>): Start
}

export interface Start {
  readonly process: ChildProcess
  /** Both outputs so far. */
  output(): string
  /** Resolves with the whole output once `text` is in it. @throws Error where the process ends first. */
  says(text: string): Promise<string>
  /** Exit code, or null after a signal, and the time it took from now on. */
  end(signal?: NodeJS.Signals): Promise<{ readonly code: number | null; readonly millis: number }>
}

export async function fakeClone(): Promise<FakeClone> {
  const root = await planted({
    'origin/main.ts': ORIGIN,
    'node_modules/wrangler/bin/wrangler.js': WRANGLER,
    'infra/scripts/tour.ts': TOUR,
    'wrangler.toml': '[[kv_namespaces]]\nbinding = "KEYS"\nid = "local"\n',
    'package.json': '{ "type": "module" }',
    'node_modules/wrangler/package.json': '{ "type": "commonjs" }',
    'entry.mjs': ENTRY,
  })
  const [origin, edge, admin] = (await freePorts(3)) as [number, number, number]
  const ports = { origin, edge, admin }
  return { root, ports, start: (env = {}) => startIn(root, ports, env) }
}

function startIn(root: string, ports: FakeClone['ports'], env: Readonly<Record<string, string>>): Start {
  const child = spawn(process.execPath, [join(root, 'entry.mjs')], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      PORT: String(ports.origin),
      EDGE_PORT: String(ports.edge),
      ADMIN_PORT: String(ports.admin),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
  const closed = once(child, 'close') as Promise<[number | null]>
  onTestFinished(async () => {
    child.kill('SIGTERM')
    await closed
  })
  return {
    process: child,
    output: () => text,
    async says(wanted) {
      while (!text.includes(wanted)) {
        if (child.exitCode !== null) throw new Error(`ended before it said "${wanted}":\n${text}`)
        await sleep(20)
      }
      return text
    },
    async end(signal) {
      const since = Date.now()
      if (signal) child.kill(signal)
      const [code] = await closed
      return { code, millis: Date.now() - since }
    },
  }
}

/** Whether anybody answers there. */
export async function isServed(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/`).then(
    () => true,
    () => false,
  )
}

export async function nobodyServes({ ports }: Pick<FakeClone, 'ports'>): Promise<void> {
  expect([await isServed(ports.origin), await isServed(ports.edge)]).toEqual([false, false])
}
