/** The command line of the stand-in. */
import { parseArgs } from 'node:util'
import { FAULT_NAMES, parseFault } from '../../../origin/standin/parse-fault.ts'
import type { InjectedFault } from '../../../origin/standin/faults.ts'

export interface StandinSettings {
  readonly host: string
  readonly port: number
  /** Application IDs that it takes. */
  readonly appIds: readonly string[]
  /** Cells of the generated table; 0 for none. */
  readonly rows: number
  /** Tables of the generated catalogue; 0 for none. */
  readonly tables: number
  readonly seed: number
  /** What goes wrong by itself: every `every`-th request. */
  readonly fault: InjectedFault | null
  readonly every: number
}

export const USAGE = `npm run standin -- [options]

An e-Stat of our own over HTTP: the bundled tables, and generated ones.

  --port N      port, 8090 where absent; 0 for any
  --host NAME   address to listen on, 127.0.0.1 where absent
  --app-id ID   application ID that it takes, "standin" where absent; may be repeated
  --rows N      a generated table of N cells, id 0009000001
  --tables N    generated catalogues of N tables, for getStatsList, and of their files, for getDataCatalog
  --seed S      what is generated, 1 where absent
  --fault F     one request of --every N fails as F says, e.g. --fault waf --every 3

Any request fails as its header "x-standin-fault: F" or its parameter "standinFault=F" says. F is one of
  ${FAULT_NAMES.join(', ')},
with a number where it takes one: latency:2000 (milliseconds), http:502, status:200, too-many:5 (seconds), truncated:30 (percent).`

const OPTIONS = {
  port: { type: 'string', default: '8090' },
  host: { type: 'string', default: '127.0.0.1' },
  'app-id': { type: 'string', multiple: true },
  rows: { type: 'string', default: '0' },
  tables: { type: 'string', default: '0' },
  seed: { type: 'string', default: '1' },
  fault: { type: 'string' },
  every: { type: 'string', default: '1' },
} as const

/** @throws Error in words for a person. */
export function readSettings(args: readonly string[]): StandinSettings {
  const { values } = parseArgs({ args: [...args], options: OPTIONS })
  const whole = (name: 'port' | 'rows' | 'tables' | 'seed' | 'every', least: number, most: number): number => {
    const number = /^\d{1,10}$/.test(values[name]) ? Number(values[name]) : -1
    if (number < least || number > most) throw new Error(`--${name} is a whole number from ${least} to ${most}.`)
    return number
  }
  const fault = values.fault === undefined ? null : parseFault(values.fault)
  if (values.fault !== undefined && fault === null)
    throw new Error(`--fault "${values.fault}" is none of: ${FAULT_NAMES.join(', ')}.`)
  return {
    host: values.host,
    port: whole('port', 0, 65_535),
    appIds: values['app-id'] ?? ['standin'],
    rows: whole('rows', 0, 10_000_000),
    tables: whole('tables', 0, 500_000),
    seed: whole('seed', 0, 2 ** 31 - 1),
    fault,
    every: whole('every', 1, 1_000_000),
  }
}
