/**
 * DuckWork in a process of its own. It is started by the first piece of work, ended when there was none for a while, so
 * that its memory is free again, and started anew after it died.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fault } from '../../shared/fault.ts'
import type { ParquetFile, Rest } from '../lake/ports.ts'
import { abortFault } from './abort-fault.ts'
import { childEntry } from './child-entry.ts'
import { duckFault } from './duckdb-faults.ts'
import { type Order, type Reply, readReply, type Result, unpackFailure } from './duckdb-messages.ts'
import type { DuckWork, DuckWorkOptions, WriteWork } from './duckdb-work.ts'
import type { RestsWork, UniqueWork } from './parquet-merge-work.ts'
import type { SelectAnswer, SelectWork } from './query-duckdb-run.ts'

export interface DuckChildOptions extends DuckWorkOptions {
  /** Milliseconds without work after which the process is ended. */
  readonly idleMs?: number
  /** Milliseconds that cancelled work has to stop before its process is killed. */
  readonly graceMs?: number
}

export interface DuckChild extends DuckWork {
  /** Of the process that runs now; null where none does. */
  pid(): number | null
}

const ENTRY = childEntry(new URL('duckdb-child.ts', import.meta.url))
/** JavaScript has little to hold there: what DuckDB takes is not counted in these. */
const SMALL = ['--max-old-space-size=160', '--max-semi-space-size=1']
/** Nothing of the server's environment, which has secrets. One arena: glibc keeps what it freed for each (malloc(3)). */
const ENV = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_THRESHOLD_: '131072', MALLOC_TRIM_THRESHOLD_: '131072' }

interface Running {
  readonly child: ChildProcess
  readonly waiting: Map<number, (reply: Reply | null) => void>
  readonly ended: Promise<void>
}
type Task =
  | { readonly kind: 'write'; readonly work: WriteWork }
  | { readonly kind: 'inspect'; readonly work: string }
  | { readonly kind: 'select'; readonly work: SelectWork }
  | { readonly kind: 'unique'; readonly work: UniqueWork }
  | { readonly kind: 'rests'; readonly work: RestsWork }

export function duckInChild(options: DuckChildOptions): DuckChild {
  const { tempDir, idleMs = 60_000, graceMs = 3_000, write, query } = options
  let starting: Promise<Running> | null = null
  let current: Running | null = null
  let idle: NodeJS.Timeout | undefined
  let count = 0

  async function start(): Promise<Running> {
    // What it spills is below a folder that is removed with it, however it ended.
    const folder = join(tempDir, `query-${randomUUID()}`)
    await mkdir(folder, { recursive: true })
    const child = fork(ENTRY, [], {
      execArgv: SMALL,
      env: ENV,
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    const waiting: Running['waiting'] = new Map()
    const ended = new Promise<void>((resolve) => {
      const over = (): void => {
        if (current?.child === child) forget()
        for (const tell of waiting.values()) tell(null)
        resolve(rm(folder, { recursive: true, force: true }))
      }
      child.once('exit', over)
      // It could not be started, or messages not be sent: an exit follows only where it ran.
      child.on('error', () => (child.pid === undefined ? over() : child.kill('SIGKILL')))
    })
    child.on('message', (message) => {
      const reply = readReply(message)
      waiting.get(reply.id)?.(reply)
    })
    child.send({ kind: 'start', options: { tempDir: folder, write, query } } satisfies Order)
    current = { child, waiting, ended }
    return current
  }

  /** The next work starts another. */
  function forget(): void {
    clearTimeout(idle)
    current = null
    starting = null
  }

  /** Forgotten at once: work that comes while it ends has another. */
  async function end(): Promise<void> {
    const ending = starting
    forget()
    const running = await ending?.catch(() => null)
    if (!running) return
    hold(running.child, true)
    if (running.child.connected) running.child.disconnect()
    await running.ended
  }

  async function call(task: Task, signal: AbortSignal): Promise<Result> {
    if (signal.aborted) throw abortFault(signal)
    clearTimeout(idle)
    const { child, waiting } = await (starting ??= start()).catch((error: unknown) => {
      starting = null
      throw duckFault(error)
    })
    const id = ++count
    hold(child, true)
    const { promise, resolve } = Promise.withResolvers<Reply | null>()
    waiting.set(id, resolve)
    let patience: NodeJS.Timeout | undefined
    const cancel = (): void => {
      if (child.connected) child.send({ kind: 'cancel', id } satisfies Order)
      patience = setTimeout(() => child.kill('SIGKILL'), graceMs)
    }
    signal.addEventListener('abort', cancel, { once: true })
    if (child.connected) child.send({ ...task, id })
    else resolve(null)
    if (signal.aborted) cancel()
    const reply = await promise
    clearTimeout(patience)
    signal.removeEventListener('abort', cancel)
    waiting.delete(id)
    if (waiting.size === 0) rest(child)
    if (reply?.kind === 'done') return reply.result
    if (signal.aborted) throw abortFault(signal)
    throw reply === null ? died() : unpackFailure(reply.failure)
  }

  /** The server may end meanwhile, and the process ends with it. */
  function rest(child: ChildProcess): void {
    hold(child, false)
    if (current?.child !== child) return
    clearTimeout(idle)
    idle = setTimeout(() => void end(), idleMs)
    idle.unref()
  }

  return {
    write: async (work, signal) => (await call({ kind: 'write', work: work }, signal)) as ParquetFile,
    inspect: async (work, signal) => (await call({ kind: 'inspect', work }, signal)) as ParquetFile,
    select: async (work, signal) => (await call({ kind: 'select', work: work }, signal)) as SelectAnswer,
    rests: async (work, signal) => (await call({ kind: 'rests', work }, signal)) as readonly Rest[],
    assertUnique: async (work, signal) => void (await call({ kind: 'unique', work }, signal)),
    close: end,
    pid: () => current?.child.pid ?? null,
  }
}

/** Whether the child keeps this process alive. */
function hold(child: ChildProcess, alive: boolean): void {
  if (alive) child.ref()
  else child.unref()
  // Bun has a channel without these: there the process alone counts.
  const channel: { readonly ref?: () => void; readonly unref?: () => void } | null | undefined = child.channel
  if (alive) channel?.ref?.()
  else channel?.unref?.()
}

const died = (): Error =>
  fault(
    'INTERNAL_ERROR',
    'The engine was ended by the system in the middle of the work, most likely for lack of memory.',
    {
      hint: 'Nothing was written. Call again; if it happens again, work on fewer rows, or give the server more memory.',
    },
  )
