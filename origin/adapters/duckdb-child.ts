/**
 * The process that DuckDB works in, so that it may run out of memory or crash without taking the server along. It is
 * told what to do over IPC (`duckdb-messages.ts`), has no secret, no environment and no path on its command line, and
 * ends with the server that started it.
 */
import { writeFileSync } from 'node:fs'
import { fault } from '../../shared/fault.ts'
import { type Order, packFailure, readOrder, type Reply, type Result } from './duckdb-messages.ts'
import { type DuckWork, type DuckWorkOptions, duckWork } from './duckdb-work.ts'

type Task = Exclude<Order, { kind: 'start' | 'cancel' }>

const running = new Map<number, AbortController>()
let work: DuckWork | null = null

async function doing(order: Task, on: DuckWork, signal: AbortSignal): Promise<Result> {
  switch (order.kind) {
    case 'write':
      return on.write(order.work, signal)
    case 'inspect':
      return on.inspect(order.work, signal)
    case 'rests':
      return on.rests(order.work, signal)
    case 'unique':
      await on.assertUnique(order.work, signal)
      return []
    default:
      return on.select(order.work, signal)
  }
}

async function run(order: Task): Promise<void> {
  const stopping = new AbortController()
  running.set(order.id, stopping)
  try {
    if (work === null) throw fault('INTERNAL_ERROR', 'The work was not begun.')
    answer({ kind: 'done', id: order.id, result: await doing(order, work, stopping.signal) })
  } catch (error) {
    answer({ kind: 'failed', id: order.id, failure: packFailure(error) })
  } finally {
    running.delete(order.id)
  }
}

/** The server may have left meanwhile: then nobody is told. */
function answer(reply: Reply): void {
  if (process.connected) process.send?.(reply)
}

/**
 * What DuckDB's own limit does not count: texts and lists that one expression makes, gigabytes in seconds. Its limit and
 * 400 MB are what the largest loads and queries have taken.
 */
const BEYOND_LIMIT_MB = 1024
const LOOK_MS = 50

/** Ends this process where its work has run away. The server then says that the work was too large, and starts another. */
function boundMemory({ write, query }: DuckWorkOptions): void {
  const most = (Math.max(write.memoryMb, query.memoryMb) + BEYOND_LIMIT_MB) * 1024 * 1024
  setInterval(() => {
    if (running.size > 0 && process.memoryUsage.rss() > most) process.kill(process.pid, 'SIGKILL')
  }, LOOK_MS).unref()
}

/** Linux ends the process with the highest score first when memory runs out: better this one than the server. */
function goFirst(): void {
  try {
    writeFileSync('/proc/self/oom_score_adj', '500')
  } catch {
    // Not Linux, or not allowed: then the largest goes.
  }
}

goFirst()
process.on('message', (message) => {
  const order = readOrder(message)
  if (order.kind === 'start') {
    work = duckWork(order.options)
    boundMemory(order.options)
  } else if (order.kind === 'cancel') running.get(order.id)?.abort()
  else void run(order)
})
process.once('disconnect', () => process.exit(0))
