/**
 * The image as `infra/docker/Dockerfile` says, built by Debian's buildah. The public bases cannot be had everywhere, so
 * one is made by debootstrap, with the Node of the lock file and the npm of this machine: Debian and Node all the same.
 */
import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** Kept for the next run; git-ignored. */
const folder = join(root, 'dist', 'container')
const TAG = 'localhost/estat-mcp'
const RUNTIME = 'localhost/estat-base'
const BASE = 'localhost/estat-base-node'
const run = promisify(execFile)

/** Why no image can be built here; null where one can. */
export function whyNoImage(): string | null {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'needs root on Linux'
  const missing = ['buildah', 'debootstrap', 'unshare', 'setpriv', 'npm'].filter((name) => !isThere(name))
  return missing.length === 0
    ? null
    : `not installed: ${missing.join(', ')} (Debian: apt-get install buildah debootstrap)`
}

export interface Image {
  /** Its files, where buildah keeps them: not to be written. */
  readonly files: string
  /** As the Dockerfile sets them. */
  readonly config: {
    readonly User: string
    readonly Env: readonly string[]
    readonly Entrypoint: readonly string[]
    readonly Cmd: readonly string[]
    readonly Volumes: Readonly<Record<string, object>>
    readonly StopSignal: string
    readonly Healthcheck: { readonly Test: readonly string[]; readonly Timeout: number }
  }
  /** What buildah said, the contents of the bundle among it. */
  readonly log: string
  /** Bytes beyond the base. */
  readonly bytes: number
  remove(): Promise<void>
}

export async function buildImage(): Promise<Image> {
  mkdirSync(folder, { recursive: true })
  await makeBases()
  const cache = execFileSync('npm', ['config', 'get', 'cache'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim()
  const args = ['--build-arg', `BASE=${BASE}`, '--build-arg', `RUNTIME=${RUNTIME}`, '--volume', `${cache}:/root/.npm`]
  const file = join('infra', 'docker', 'Dockerfile')
  const flags = ['--isolation', 'chroot', '--pull-never', '--format', 'docker', '--file', file, '--tag', TAG]
  const log = await buildah('bud', ...flags, ...args, '.')
  const image = JSON.parse(await buildah('inspect', '--type', 'image', TAG)) as { Docker: { config: Image['config'] } }
  const container = await buildah('from', '--pull-never', TAG)
  const files = await buildah('mount', container)
  const [whole, base] = await Promise.all([sizeOf(files), baseSize()])
  return {
    files,
    config: image.Docker.config,
    log,
    bytes: whole - base,
    remove: async () => void (await buildah('rm', container)),
  }
}

/** One with Node and npm to build on, one without to run on: as `node:...-bookworm-slim` and `debian:bookworm-slim`. */
async function makeBases(): Promise<void> {
  const known = await buildah('images', '--format', '{{.Name}}')
  if (known.split('\n').includes(BASE)) return
  const debian = join(folder, 'debian')
  rmSync(debian, { recursive: true, force: true })
  await run('debootstrap', ['--variant=minbase', 'bookworm', debian], { maxBuffer: 1e8 })
  const container = await buildah('from', 'scratch')
  await buildah('copy', '--quiet', container, debian, '/')
  await buildah('commit', '--quiet', '--format', 'docker', container, RUNTIME)
  await buildah('copy', '--quiet', container, realpathSync(process.execPath), '/usr/local/bin/node')
  const npm = join(realpathSync(which('npm')), '..', '..')
  await buildah('copy', '--quiet', container, npm, '/usr/local/lib/node_modules/npm')
  const [program, link] = ['/usr/local/lib/node_modules/npm/bin/npm-cli.js', '/usr/local/bin/npm']
  await buildah('run', '--isolation', 'chroot', container, '--', 'ln', '-s', program, link)
  await buildah('commit', '--quiet', '--format', 'docker', container, BASE)
  await buildah('rm', container)
  rmSync(debian, { recursive: true, force: true })
}

async function baseSize(): Promise<number> {
  const container = await buildah('from', '--pull-never', RUNTIME)
  try {
    return await sizeOf(await buildah('mount', container))
  } finally {
    await buildah('rm', container)
  }
}

const sizeOf = async (path: string): Promise<number> =>
  Number.parseInt((await run('du', ['--summarize', '--bytes', path])).stdout, 10)

async function buildah(...args: readonly string[]): Promise<string> {
  const places = ['--root', join(folder, 'storage'), '--runroot', join(folder, 'run')]
  const { stdout, stderr } = await run('buildah', ['--storage-driver', 'vfs', ...places, ...args], {
    cwd: root,
    maxBuffer: 1e8,
  })
  return args[0] === 'bud' ? stdout + stderr : stdout.trim()
}

const which = (name: string): string => execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim()

function isThere(name: string): boolean {
  return (process.env['PATH'] ?? '').split(':').some((path) => existsSync(join(path, name)))
}
