/**
 * A container of the image as Docker starts it with `--read-only --tmpfs /tmp --cap-drop ALL --security-opt
 * no-new-privileges`: its files read-only, its own processes with the program as the first, its user, a volume. The
 * network is this machine's. Debian's own tools, so that what is tried is the image and no engine's defaults.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Image } from './image.ts'

export interface Container {
  /** Of its first process, on this machine. */
  readonly pid: number
  readonly log: () => string
  /** Resolves with its exit code; null where a signal ended it. */
  readonly ended: Promise<number | null>
  /** To its first process, as `docker kill`. */
  signal(signal: NodeJS.Signals): void
  /** Runs a program of the image within, as `docker exec`. */
  exec(...command: readonly string[]): Promise<{ readonly code: number | null; readonly output: string }>
  /** Kills what still runs. */
  close(): Promise<void>
}

const SETUP = `set -e
root="$1"; data="$2"; user="$3"; group="$4"; shift 4
mount --make-rprivate /
mount --bind "$root" "$root"
mount --bind "$data" "$root/data"
mount -t tmpfs -o size=64m,mode=1777 tmpfs "$root/tmp"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -o remount,bind,ro "$root"
rights="--no-new-privs --bounding-set=-all --inh-caps=-all --clear-groups"
exec chroot "$root" setpriv $rights --reuid "$user" --regid "$group" "$@"`

/** @param data The folder that is its volume, of the image's user. */
export async function startContainer(
  image: Image,
  command: readonly string[],
  { data, env }: { readonly data: string; readonly env: Readonly<Record<string, string>> },
): Promise<Container> {
  const { User, Env, Entrypoint } = image.config
  const own = Object.fromEntries(
    Env.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )
  const namespaces = ['--mount', '--pid', '--ipc', '--uts', '--fork', '--kill-child']
  const ids = User.split(':')
  const within = [image.files, data, ...ids, ...Entrypoint, ...command]
  const child = spawn('unshare', [...namespaces, '--', 'sh', '-c', SETUP, 'sh', ...within], {
    env: { ...own, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (log += text.toString()))
  let over = false
  const ended = once(child, 'exit').then(([code]) => {
    over = true
    return code as number | null
  })
  await once(child, 'spawn')
  const pid = await firstChild(child.pid as number)
  return {
    pid,
    log: () => log,
    ended,
    signal: (signal) => void process.kill(pid, signal),
    async exec(...inside) {
      const target = ['--target', String(pid), '--mount', '--pid', '--root', '--wd']
      const as = ['--setuid', ids[0] ?? '', '--setgid', ids[1] ?? '']
      const started = spawn('nsenter', [...target, ...as, '--', ...inside], { env: { ...own, ...env } })
      let output = ''
      started.stdout.on('data', (text: Buffer) => (output += text.toString()))
      const [code] = (await once(started, 'close')) as [number | null]
      return { code, output }
    },
    async close() {
      if (!over) process.kill(pid, 'SIGKILL')
      await ended
    },
  }
}

async function firstChild(parent: number): Promise<number> {
  for (let tries = 0; tries < 200; tries++) {
    const [pid] = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim().split(' ')
    if (pid) return Number(pid)
    await sleep(10)
  }
  throw new Error('the container did not start')
}
