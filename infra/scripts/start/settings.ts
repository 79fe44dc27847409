/** What `npm start` is told by the environment, checked before anything starts. Pure. */
import { ConfigError, EdgeConfig, OriginConfig, parseConfig } from '../../../shared/config.ts'
import type { LocalState } from '../local-state.ts'
import { StartError } from './start-error.ts'

export type Env = Readonly<Record<string, string | undefined>>

export interface Ports {
  readonly origin: number
  readonly edge: number
}

export interface Settings {
  readonly ports: Ports
  /** Variables of the origin, ready for its entry. */
  readonly origin: Readonly<Record<string, string>>
  /** Variables of the edge: the Worker's vars and secrets. */
  readonly edge: Readonly<Record<string, string>>
  readonly dataDir: string
  readonly bucket: string
  /** Whether an application ID was given: then figures come from e-Stat itself. */
  readonly live: boolean
}

const LOOPBACK = '127.0.0.1'
export const urlOf = (port: number): string => `http://${LOOPBACK}:${port}`

/** The two ports. @throws StartError for what is no port. */
export function readPorts(env: Env): Ports {
  const origin = portFrom(env, 'PORT', 8080)
  const edge = portFrom(env, 'EDGE_PORT', 8787)
  if (origin === edge) throw new StartError(`PORT and EDGE_PORT are both ${edge}: give them different numbers.`)
  return { origin, edge }
}

function portFrom(env: Env, name: string, otherwise: number): number {
  const text = env[name]?.trim()
  if (!text) return otherwise
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port < 1 || port > 65_535) throw new StartError(`${name} must be a port from 1 to 65535.`)
  return port
}

/**
 * What both halves are given: the caller's environment, with the keys of this clone and loopback addresses over it.
 *
 * @throws StartError with one line for each wrong setting; it never holds a value.
 */
export function readSettings(env: Env, ports: Ports, state: Pick<LocalState, 'signing' | 'admin'>): Settings {
  const origin = {
    ...chosen(env, Object.keys(OriginConfig.shape)),
    PORT: String(ports.origin),
    HOST: LOOPBACK,
    ORIGIN_PUBLIC_KEYS: JSON.stringify([state.signing.public]),
    ORIGIN_ADMIN_KEYS: `${state.admin.id}:${state.admin.hash}`,
  }
  const edge = {
    ...chosen(env, Object.keys(EdgeConfig.shape)),
    ORIGIN_URL: urlOf(ports.origin),
    CALLER_SIGNING_KEY: JSON.stringify(state.signing.private),
  }
  const problems: string[] = []
  const config = checked(() => parseConfig(OriginConfig, origin), problems)
  checked(() => parseConfig(EdgeConfig, edge), problems)
  if (!config || problems.length > 0) throw new StartError(problems.join('\n'))
  const { ESTAT_DATA_DIR, S3_BUCKET, ESTAT_APP_ID } = config
  return { ports, origin, edge, dataDir: ESTAT_DATA_DIR, bucket: S3_BUCKET, live: ESTAT_APP_ID !== undefined }
}

/** What `parse` answers, or null with its complaint added to `problems`: all wrong settings are told at once. */
function checked<T>(parse: () => T, problems: string[]): T | null {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    problems.push(error.message)
    return null
  }
}

/** The variables of `names` that are set to something. */
function chosen(env: Env, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])))
}
