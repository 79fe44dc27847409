/** `GET /admin/health`: what the origin stands on, since when it is so, and what to do about it. */
import type { Context } from 'hono'
import { Fault } from '../../shared/fault.ts'
import type { AdminOptions } from './deps.ts'
import { sharedLook } from './shared-look.ts'

/** `off`: not used here, by configuration. */
export type Status = 'ok' | 'degraded' | 'failing' | 'off'

export interface Dependency {
  readonly name: string
  readonly status: Status
  /** How it is, in plain words. */
  readonly message: string
  /** What to do; null where nothing is to be done. */
  readonly hint: string | null
}

/** Beginning an engine costs a process; asking AWS costs money. */
const COSTLY_MS = 60_000
const ENGINE_WAIT_MS = 5_000
const GIB = 1024 ** 3
const LOW = { degraded: 2 * GIB, failing: 0.25 * GIB }
/** The catalogue is compared with e-Stat daily. */
const CATALOGUE_DAYS = 3
const DAY_MS = 86_400_000

type Deps = Pick<AdminOptions, 'ports' | 'probes' | 'now'>

export function adminHealth({ ports, probes, now }: Deps) {
  const seen = new Map<string, { readonly status: Status; readonly since: number }>()
  const costly = sharedLook(
    async () => [
      await engineState(probes),
      await askedState('glue', 'The catalogue of tables (Glue)', probes.tables),
      await askedState('athena', 'Athena', probes.athena),
    ],
    COSTLY_MS,
    now,
  )

  /** Since when this process has seen it in this state. */
  function sinceOf({ name, status }: Dependency): string {
    const before = seen.get(name)
    const since = before?.status === status ? before.since : now()
    seen.set(name, { status, since })
    return new Date(since).toISOString()
  }

  return async (c: Context): Promise<Response> => {
    const found = [
      await lakeState(probes),
      await diskState(probes),
      estatState(ports),
      catalogueState(ports, now()),
      ...(await costly.read()),
    ]
    const dependencies = found.map((one) => ({ ...one, since: sinceOf(one) }))
    const worst = (['failing', 'degraded'] as const).find((status) => found.some((one) => one.status === status))
    return c.json({ success: true, status: worst ?? 'ok', timestamp: new Date(now()).toISOString(), dependencies })
  }
}

const ok = (name: string, message: string): Dependency => ({ name, status: 'ok', message, hint: null })
const off = (name: string, message: string, hint: string | null = null): Dependency => ({
  name,
  status: 'off',
  message,
  hint,
})

async function lakeState(probes: Deps['probes']): Promise<Dependency> {
  const { store, problem } = await probes.store()
  if (problem === null) return ok('lake', 'Read and written within the last 30 seconds.')
  return { name: 'lake', status: store === 'failing' ? 'failing' : 'degraded', ...problem }
}

async function diskState(probes: Deps['probes']): Promise<Dependency> {
  const room = await probes.disk().catch(() => null)
  if (room === null) return off('disk', 'The system does not tell how much room there is.')
  const message = `${(room.free / GIB).toFixed(1)} of ${(room.total / GIB).toFixed(1)} GiB are free.`
  if (room.free >= LOW.degraded) return ok('disk', message)
  const hint = 'Make room, or give ESTAT_DATA_DIR a larger disk: fetches, files and queries need it.'
  return { name: 'disk', status: room.free < LOW.failing ? 'failing' : 'degraded', message, hint }
}

function estatState({ stats }: Deps['ports']): Dependency {
  if (stats.origin === 'sample')
    return off(
      'e-stat',
      'The bundled sample answers.',
      'Set ESTAT_APP_ID for all of e-Stat (free: https://www.e-stat.go.jp/api/).',
    )
  if ((stats.condition?.() ?? 'ok') === 'ok') return ok('e-stat', 'Answered when it was last asked.')
  return {
    name: 'e-stat',
    status: 'failing',
    message: 'It fails again and again and is left alone for a while, then asked once.',
    hint: 'Look at e-Stat’s own notices (https://www.e-stat.go.jp/), then at this machine’s way to the internet.',
  }
}

function catalogueState({ catalogue }: Deps['ports'], now: number): Dependency {
  const status = catalogue.status()
  const tables = `${catalogue.index().count.toLocaleString('en')} tables are searched`
  if (status === null) return off('catalogue', `${tables}: the bundled sample.`)
  const { state, progress, asOf } = status
  if (state === 'building') {
    const { listed = 0, total = null } = progress ?? {}
    const message = `The first catalogue is being fetched: ${listed} of ${total ?? '?'} listings. Until then, ${tables}.`
    return { name: 'catalogue', status: 'degraded', message, hint: 'Wait: it is fetched once and resumes by itself.' }
  }
  const old = asOf !== null && now - Date.parse(asOf) > CATALOGUE_DAYS * DAY_MS
  if (!old) return ok('catalogue', `${tables}, as of ${asOf ?? 'an unknown day'}.`)
  return {
    name: 'catalogue',
    status: 'degraded',
    message: `${tables}; it was last compared with e-Stat on ${asOf}.`,
    hint: 'Look at the log for "catalogue": e-Stat’s lists may be failing, or the disk may be full.',
  }
}

async function engineState({ engine }: Deps['probes']): Promise<Dependency> {
  const began = AbortSignal.timeout(ENGINE_WAIT_MS)
  try {
    await engine(began)
    return ok('duckdb', 'Answered a query in its own process within the last minute.')
  } catch (error) {
    if (began.aborted)
      return {
        name: 'duckdb',
        status: 'degraded',
        message: `It did not answer within ${ENGINE_WAIT_MS / 1000} seconds: another query or a load may be at work.`,
        hint: 'Look at the jobs; if it stays, give the server more memory.',
      }
    return { name: 'duckdb', status: 'failing', ...wordsOf(error) }
  }
}

async function askedState(name: string, title: string, ask: (() => Promise<unknown>) | null): Promise<Dependency> {
  if (ask === null) return off(name, 'Not used here.')
  try {
    await ask()
    return ok(name, `${title} answered within the last minute.`)
  } catch (error) {
    return { name, status: 'failing', ...wordsOf(error) }
  }
}

/** Our own words, or none: what another's error says may hold an address or a key. */
const wordsOf = (error: unknown): Pick<Dependency, 'message' | 'hint'> =>
  error instanceof Fault
    ? { message: error.message, hint: error.hint }
    : { message: 'It does not answer.', hint: 'Look at the credentials of this process, its permissions, and the log.' }
