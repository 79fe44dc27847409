/** Structured logs: one JSON object a line on standard output. Never a key, an application ID or a URL of e-Stat. */
import { Fault } from '../shared/fault.ts'

const LEVELS = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof LEVELS)[number]

export interface Log {
  (level: LogLevel, event: string, fields?: Readonly<Record<string, unknown>>): void
}

export interface LogOptions {
  readonly level: LogLevel
  readonly now: () => number
  readonly write: (line: string) => void
}

export function logger({ level, now, write }: LogOptions): Log {
  return (at, event, fields = {}) => {
    if (LEVELS.indexOf(at) < LEVELS.indexOf(level)) return
    write(`${JSON.stringify({ time: new Date(now()).toISOString(), level: at, event, ...fields })}\n`)
  }
}

/**
 * Lines that come in one turn of the event loop, written at its end in one go: a busy server pays for fewer writes.
 *
 * @param atEndOfTurn `setImmediate`.
 */
export function inOneGo(write: (text: string) => void, atEndOfTurn: (flush: () => void) => void) {
  let waiting = ''
  const flush = (): void => {
    const text = waiting
    waiting = ''
    if (text !== '') write(text)
  }
  return {
    write: (line: string): void => {
      if (waiting === '') atEndOfTurn(flush)
      waiting += line
    },
    /** For the end of the process. */
    flush,
  }
}

/**
 * An error for the log: its name, our own words, and the stack without messages, since a message of somebody else's
 * error may hold a URL with an application ID.
 */
export function describeError(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: typeof error }
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return {
    error: error.name,
    ...(error instanceof Fault ? { code: error.code, message: error.message } : {}),
    ...('code' in error && !(error instanceof Fault) ? { code: String(error.code) } : {}),
    at: frames.slice(0, 6).map((line) => line.trim()),
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  }
}
