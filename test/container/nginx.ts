/** Debian's nginx with the shipped configuration: addresses, files and user are this machine's, every other line is as it is. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { openTls } from '../../infra/scripts/start/certificate.ts'
import { freePort } from '../e2e/origin-process.ts'

const CONFIG = fileURLToPath(new URL('../../infra/compose/nginx.conf', import.meta.url))

/** Why nginx is not tried here; null where it can be. */
export function whyNoNginx(): string | null {
  const asked = spawnSync('nginx', ['-v'], { encoding: 'utf8' })
  return asked.status === 0 ? null : 'nginx is not installed (Debian: apt-get install nginx-light)'
}

export interface Nginx {
  /** Without a trailing slash: by TLS, and without. */
  readonly url: string
  readonly plainUrl: string
  /** PEM: what a client is to trust. */
  readonly certificate: string
  /** Where certbot puts what Let's Encrypt asks for. */
  readonly acme: string
  /** What it complained of. */
  readonly log: () => string
  /** Another certificate in the place of the first, and `nginx -s reload`. */
  renew(): Promise<string>
  close(): Promise<void>
}

/** @param edge Host and port of the edge. */
export async function startNginx(edge: string): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), 'nginx-'))
  const [port, plainPort] = [await freePort(), await freePort()]
  const acme = join(folder, 'acme')
  mkdirSync(acme)
  const served = await certify(folder)
  const file = join(folder, 'nginx.conf')
  writeFileSync(file, placed({ folder, edge, port, plainPort, acme }))
  const checked = spawnSync('nginx', ['-t', '-c', file, '-p', folder], { encoding: 'utf8' })
  if (checked.status !== 0) throw new Error(checked.stderr)
  const child = spawn('nginx', ['-c', file, '-p', folder, '-g', 'daemon off;'], { stdio: ['ignore', 'ignore', 'pipe'] })
  let log = ''
  child.stderr.on('data', (text: Buffer) => (log += text.toString()))
  const ended = once(child, 'exit')
  const plainUrl = `http://127.0.0.1:${plainPort}`
  for (const until = Date.now() + 10_000; !(await answers(plainUrl)); await sleep(50))
    if (Date.now() > until) throw new Error(`nginx does not answer:\n${log}`)
  return {
    url: `https://127.0.0.1:${port}`,
    plainUrl,
    certificate: readFileSync(served, 'utf8'),
    acme,
    log: () => log,
    async renew() {
      await certify(folder)
      child.kill('SIGHUP')
      return readFileSync(served, 'utf8')
    },
    async close() {
      child.kill('SIGTERM')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A fresh certificate of its own for this machine, where nginx reads it. @returns Its path. */
async function certify(folder: string): Promise<string> {
  const { certPath, keyPath } = await openTls(mkdtempSync(join(folder, 'made-')), {}, Date.now())
  cpSync(keyPath, join(folder, 'privkey.pem'))
  cpSync(certPath, join(folder, 'fullchain.pem'))
  return join(folder, 'fullchain.pem')
}

interface Places {
  readonly folder: string
  readonly edge: string
  readonly port: number
  readonly plainPort: number
  readonly acme: string
}

/** @throws Error where a line is not there that is to be put elsewhere: then this would try something else than is shipped. */
function placed({ folder, edge, port, plainPort, acme }: Places): string {
  const changes: readonly (readonly [RegExp, string])[] = [
    [/^user nginx;$/m, process.getuid?.() === 0 ? `user ${userInfo().username};` : ''],
    [/^pid .*;$/m, `pid ${folder}/nginx.pid;`],
    [/^error_log .*;$/m, 'error_log stderr error;'],
    [/listen 80;/, `listen 127.0.0.1:${plainPort};`],
    [/listen \[::\]:80;/, ''],
    [/listen 443 ssl/, `listen 127.0.0.1:${port} ssl`],
    [/listen \[::\]:443 ssl http2;/, ''],
    [/\/etc\/letsencrypt\/live\/estat\/fullchain\.pem/, `${folder}/fullchain.pem`],
    [/\/etc\/letsencrypt\/live\/estat\/privkey\.pem/, `${folder}/privkey.pem`],
    [/root \/var\/www\/acme;/, `root ${acme};`],
    [/set \$edge edge:8787;/, `set $edge ${edge};`],
    [/^http \{$/m, `http {\n${TEMPORARY.map((name) => `  ${name}_temp_path ${folder}/${name};`).join('\n')}`],
  ]
  return changes.reduce(
    (text, [line, here]) => {
      if (!line.test(text)) throw new Error(`nginx.conf has no ${String(line)}`)
      return text.replace(line, () => here)
    },
    readFileSync(CONFIG, 'utf8'),
  )
}

/** In the container these are below /var/cache/nginx, a tmpfs. */
const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']

const answers = (url: string): Promise<boolean> =>
  fetch(`${url}/health`).then(
    async (response) => {
      await response.body?.cancel()
      return true
    },
    () => false,
  )
