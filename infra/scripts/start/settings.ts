/** What `npm start` is told by the environment, checked before anything starts. Pure. */
import { ConfigError, EdgeConfig, OriginConfig, parseConfig } from '../../../shared/config.ts'
import type { LocalState } from '../local-state.ts'
import type { Tls } from './certificate.ts'
import { StartError } from './start-error.ts'

export type Env = Readonly<Record<string, string | undefined>>

export interface Ports {
  readonly origin: number
  readonly edge: number
  /** Of the origin, for administrators. */
  readonly admin: number
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
/** The edge's, which may speak TLS under a name of this machine. */
export const edgeUrlOf = (port: number, tls: Pick<Tls, 'localName'> | null): string =>
  tls ? `https://${tls.localName ?? LOOPBACK}:${port}` : urlOf(port)

/** The three ports. @throws StartError for what is no port. */
export function readPorts(env: Env): Ports {
  const origin = portFrom(env, 'PORT', 8080)
  const edge = portFrom(env, 'EDGE_PORT', 8787)
  const admin = portFrom(env, 'ADMIN_PORT', 8081)
  const named = [
    ['PORT', origin],
    ['EDGE_PORT', edge],
    ['ADMIN_PORT', admin],
  ] as const
  for (const [at, [name, port]] of named.entries())
    for (const [other, same] of named.slice(at + 1))
      if (port === same) throw new StartError(`${name} and ${other} are both ${port}: give them different numbers.`)
  return { origin, edge, admin }
}

function portFrom(env: Env, name: string, otherwise: number): number {
  const text = env[name]?.trim()
  if (!text) return otherwise
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port < 1 || port > 65_535) throw new StartError(`${name} must be a port from 1 to 65535.`)
  return port
}

export interface Own extends Pick<LocalState, 'key' | 'signing' | 'links' | 'admin'> {
  /**
   * Of the search cache, another for each start: what lies on this disk may come from another source or version, and
   * the tour is to show an answer that is fetched and the same one kept.
   */
  readonly generation: string
}

/** The tour of `npm start` calls with this clone's own key, and what it is to show ends in the lake. */
const keyless = (mode: string): string =>
  `AUTH_MODE=${mode} does not take the key that the tour of npm start saves and loads with: leave it out. Such an edge beside a running npm start: npx wrangler dev --port 8788 --env-file .estat/run/edge.env --var AUTH_MODE:${mode}`

/**
 * What both halves are given: the caller's environment, with what is this clone's own and loopback addresses over it.
 *
 * @throws StartError with one line for each wrong setting; it never holds a value.
 */
export function readSettings(env: Env, ports: Ports, own: Own, tls: Tls | null = null): Settings {
  const origin = {
    PUBLIC_URL: edgeUrlOf(ports.edge, tls),
    // Purges through its own edge; a certificate that only this clone knows would be refused.
    ...(tls ? {} : { EDGE_URL: edgeUrlOf(ports.edge, null), EDGE_ADMIN_KEY: own.key.text }),
    ...chosen(env, Object.keys(OriginConfig.shape)),
    PORT: String(ports.origin),
    HOST: LOOPBACK,
    ADMIN_PORT: String(ports.admin),
    ADMIN_HOST: LOOPBACK,
    ORIGIN_PUBLIC_KEYS: JSON.stringify([own.signing.public]),
    LINK_SIGNING_KEY: JSON.stringify(own.links.private),
    ORIGIN_ADMIN_KEYS: `${own.admin.id}:${own.admin.hash}`,
  }
  const edge = {
    ...chosen(env, Object.keys(EdgeConfig.shape)),
    ORIGIN_URL: urlOf(ports.origin),
    LINK_PUBLIC_KEYS: JSON.stringify([own.links.public]),
    CALLER_SIGNING_KEY: JSON.stringify(own.signing.private),
    CACHE_GENERATION: own.generation,
  }
  const problems: string[] = []
  const config = checked(() => parseConfig(OriginConfig, origin), problems)
  const edgeConfig = checked(() => parseConfig(EdgeConfig, edge), problems)
  if (!config || !edgeConfig) throw new StartError(new ConfigError(problems).message)
  if (edgeConfig.AUTH_MODE !== 'key') throw new StartError(keyless(edgeConfig.AUTH_MODE))
  const { ESTAT_DATA_DIR, S3_BUCKET, ESTAT_APP_ID } = config
  return { ports, origin, edge, dataDir: ESTAT_DATA_DIR, bucket: S3_BUCKET, live: ESTAT_APP_ID !== undefined }
}

/** What `parse` answers, or null with its complaints added to `problems`: all wrong settings are told at once. */
function checked<T>(parse: () => T, problems: string[]): T | null {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    problems.push(...error.problems)
    return null
  }
}

/** The variables of `names` that are set to something. */
function chosen(env: Env, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])))
}
