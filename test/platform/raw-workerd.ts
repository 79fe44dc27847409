/**
 * The Worker's bundle on `workerd serve` alone: without wrangler's and miniflare's proxies, which keep from the Worker
 * that a client has left. Open mode, so that no key store is needed.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { build } from 'esbuild'
import type { JWK } from 'jose'
import { newSigningKey } from './workerd.ts'

export interface RawEdge {
  /** Without a trailing slash. */
  readonly url: string
  readonly publicKey: JWK
  close(): Promise<void>
}

export async function startRawEdge({ originUrl }: { readonly originUrl: string }): Promise<RawEdge> {
  const folder = mkdtempSync(join(tmpdir(), 'estat-edge-'))
  const key = await newSigningKey()
  const { d: _secret, ...publicKey } = key
  const port = await freePort()
  mkdirSync(join(folder, 'objects'))
  await build({
    entryPoints: [fileURLToPath(new URL('../../edge/platform/cloudflare.ts', import.meta.url))],
    outfile: join(folder, 'worker.js'),
    bundle: true,
    format: 'esm',
    external: ['cloudflare:workers'],
    conditions: ['workerd', 'worker', 'browser'],
  })
  writeFileSync(
    join(folder, 'edge.capnp'),
    config(port, { ORIGIN_URL: originUrl, AUTH_MODE: 'open', CALLER_SIGNING_KEY: JSON.stringify(key) }),
  )
  const child = spawn(workerdPath(), ['serve', 'edge.capnp'], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
  const url = `http://127.0.0.1:${port}`
  await answers(`${url}/`, child)
  return {
    url,
    publicKey,
    async close() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await ended
      rmSync(folder, { recursive: true })
    },
  }
}

/** Cap'n Proto text; its string literals are written as JSON's are. */
const config = (port: number, vars: Readonly<Record<string, string>>): string => `
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [ (name = "edge", worker = .edge), (name = "internet", network = (allow = ["public", "private"])),
    (name = "objects", disk = (path = "objects", writable = true)) ],
  sockets = [ (name = "http", address = "127.0.0.1:${port}", http = (), service = "edge") ],
);
const edge :Workerd.Worker = (
  modules = [ (name = "worker.js", esModule = embed "worker.js") ],
  compatibilityDate = "2026-10-01",
  compatibilityFlags = ["enable_request_signal"],
  durableObjectNamespaces = [ (className = "CallerLimit", uniqueKey = "limits", enableSql = true),
    (className = "Flight", uniqueKey = "flights", enableSql = true) ],
  durableObjectStorage = (localDisk = "objects"),
  bindings = [
    (name = "LIMITER", durableObjectNamespace = "CallerLimit"),
    (name = "FLIGHTS", durableObjectNamespace = "Flight"),
${Object.entries(vars)
  .map(([name, value]) => `    (name = "${name}", text = ${JSON.stringify(value)}),`)
  .join('\n')}
  ],
);
`

/** The program of the workerd that miniflare brings along. */
function workerdPath(): string {
  const miniflare = createRequire(import.meta.url).resolve('miniflare')
  return (createRequire(miniflare)('workerd') as { readonly default: string }).default
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function answers(url: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (child.exitCode !== null) throw new Error(`workerd ended with ${child.exitCode}`)
    const up = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    )
    if (up) return
    await sleep(25)
  }
  throw new Error('workerd did not answer within 5 seconds')
}
