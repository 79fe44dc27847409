/**
 * Services on `workerd serve` alone: without wrangler's and miniflare's proxies, which keep from a Worker that a client
 * has left. Several services of one bundle share the Durable Objects of the first, as the instances of a Worker do.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { build } from 'esbuild'
import { freePort } from '../support/free-port.ts'
import { RAW_CACHE_WORKER } from './raw-cache.ts'
import { RAW_KV_WORKER } from './raw-kv.ts'

export interface WorkerdOptions {
  /** The Worker's source. */
  readonly entry: string
  /** Binding to class. */
  readonly objects: Readonly<Record<string, string>>
  /** Text bindings, for each service its own. */
  readonly services: readonly Readonly<Record<string, string>>[]
  /** Name of the binding of a KV namespace that all services share; none where absent. */
  readonly kv?: string
}

export interface Workerd {
  /** Of each service, without a trailing slash. */
  readonly urls: readonly string[]
  readonly pid: number
  /** What its Workers wrote to their consoles. */
  readonly log: () => string
  /** Into the KV namespace. */
  putText(name: string, text: string): Promise<void>
  close(): Promise<void>
}

/** A bench writes a line for each of a million requests. */
const LOG_CHARS = 200_000

export async function serveWorkerd({ entry, objects, services, kv }: WorkerdOptions): Promise<Workerd> {
  const folder = mkdtempSync(join(tmpdir(), 'estat-workerd-'))
  mkdirSync(join(folder, 'objects'))
  await build({
    entryPoints: [entry],
    outfile: join(folder, 'worker.js'),
    bundle: true,
    format: 'esm',
    external: ['cloudflare:workers'],
    conditions: ['workerd', 'worker', 'browser'],
  })
  writeFileSync(join(folder, 'kv.js'), RAW_KV_WORKER)
  writeFileSync(join(folder, 'cache.js'), RAW_CACHE_WORKER)
  const ports = await Promise.all(services.map(freePort))
  const kvPort = await freePort()
  writeFileSync(
    join(folder, 'workerd.capnp'),
    config(ports, objects, services, kv === undefined ? undefined : { binding: kv, port: kvPort }),
  )
  const child = spawn(workerdPath(), ['serve', 'workerd.capnp'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let log = ''
  child.stdout.on('data', (text: Buffer) => (log = (log + text.toString()).slice(-LOG_CHARS)))
  const urls = ports.map((port) => `http://127.0.0.1:${port}`)
  await Promise.all(ports.map((port) => listens(port, child)))
  return {
    urls,
    pid: child.pid as number,
    log: () => log,
    async putText(name, text) {
      const url = `http://127.0.0.1:${kvPort}/${encodeURIComponent(name)}`
      const response = await fetch(url, { method: 'PUT', body: text })
      if (!response.ok) throw new Error(`the KV answered ${response.status}`)
    },
    async close() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await ended
      rmSync(folder, { recursive: true })
    },
  }
}

/** Cap'n Proto text; its string literals are written as JSON's are. */
function config(
  ports: readonly number[],
  objects: WorkerdOptions['objects'],
  services: WorkerdOptions['services'],
  kv: { readonly binding: string; readonly port: number } | undefined,
): string {
  const list = (lines: readonly string[]): string => lines.map((line) => `    (${line}),\n`).join('')
  const workers = services.map((texts, at) => {
    const namespaces = Object.values(objects).map(
      (name) => `className = "${name}", uniqueKey = "${name}", enableSql = true`,
    )
    const bindings = [
      ...Object.entries(objects).map(
        ([name, className]) =>
          `name = "${name}", durableObjectNamespace = (className = "${className}", serviceName = "service0")`,
      ),
      ...Object.entries(texts).map(([name, text]) => `name = "${name}", text = ${JSON.stringify(text)}`),
      ...(kv ? [`name = "${kv.binding}", kvNamespace = "kv"`] : []),
    ]
    return `
const worker${at} :Workerd.Worker = (
  modules = [ (name = "worker.js", esModule = embed "worker.js") ],
  compatibilityDate = "2026-10-01",
  compatibilityFlags = ["enable_request_signal"],
  durableObjectNamespaces = [\n${list(namespaces)}  ],
  durableObjectStorage = (localDisk = "objects"),
  cacheApiOutbound = "cache",
  bindings = [\n${list(bindings)}  ],
);`
  })
  return `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
${list(services.map((_texts, at) => `name = "service${at}", worker = .worker${at}`))}
    (name = "internet", network = (allow = ["public", "private"])),
    (name = "objects", disk = (path = "objects", writable = true)),
    (name = "kv", worker = .kv),
    (name = "cache", worker = .cache),
  ],
  sockets = [
${list(ports.map((port, at) => `name = "http${at}", address = "127.0.0.1:${port}", http = (), service = "service${at}"`))}${list(kv ? [`name = "kv", address = "127.0.0.1:${kv.port}", http = (), service = "kv"`] : [])}  ],
);
const cache :Workerd.Worker = (
  modules = [ (name = "cache.js", esModule = embed "cache.js") ],
  compatibilityDate = "2026-10-01",
);
const kv :Workerd.Worker = (
  modules = [ (name = "kv.js", esModule = embed "kv.js") ],
  compatibilityDate = "2026-10-01",
);
${workers.join('\n')}
`
}

/** The program of the workerd that miniflare brings along. */
function workerdPath(): string {
  const miniflare = createRequire(import.meta.url).resolve('miniflare')
  return (createRequire(miniflare)('workerd') as { readonly default: string }).default
}

async function listens(port: number, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (child.exitCode !== null) throw new Error(`workerd ended with ${child.exitCode}`)
    const up = await fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      () => false,
    )
    if (up) return
    await sleep(25)
  }
  throw new Error('workerd did not answer within 5 seconds')
}
