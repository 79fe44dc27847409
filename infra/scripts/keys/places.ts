/** The store of records that `npm run keys` works on, by platform. */
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { diskRecords } from '../../../edge/adapters/records-disk.ts'
import { kvRecords } from '../../../edge/adapters/records-kv.ts'
import { awsCredentials } from '../../../shared/aws/credentials.ts'
import { dynamo } from '../../../shared/aws/dynamodb.ts'
import { dynamoRecords } from '../../../shared/aws/records-dynamodb.ts'
import { awsSender } from '../../../shared/aws/sender.ts'
import { kvApiRecords } from '../../../shared/cloudflare/records-kv-api.ts'
import { ConfigError, EdgeServerOwn, parseConfig } from '../../../shared/config.ts'
import { holding } from '../../../shared/holding.ts'
import { parseKey } from '../../../shared/keys.ts'
import type { Records } from '../../../shared/records.ts'
import { readLocalState } from '../local-state.ts'
import { kvNamespaceId } from '../start/local-key.ts'
import type { Env } from '../start/settings.ts'
import type { Place, Platform } from './options.ts'
import { KeysError } from './refusal.ts'

export interface OpenPlace {
  readonly records: Records
  /** As people call it: "in the DynamoDB table estat-edge (ap-northeast-1)". */
  readonly name: string
  readonly close: () => Promise<void>
  /** The id of the key that `npm start` prints, where this is its store. */
  readonly startKey?: string | null
}

export interface PlaceOptions {
  readonly env: Env
  /** The project's folder. */
  readonly root: string
  /** Where paths that are typed begin. */
  readonly cwd: string
}

const now = (): number => Date.now()
const send = holding((request) => fetch(request))
const nothing = (): Promise<void> => Promise.resolve()

async function local(_place: Place, { root }: PlaceOptions): Promise<OpenPlace> {
  const state = readLocalState(root)
  if (!state)
    throw new KeysError(
      'npm start has not run here yet, so there is nothing to have keys for. Run it once, or name another --platform.',
    )
  // Half a second to load, which the other places need not wait for.
  const { openLocalKv } = await import('../local-kv.ts')
  const { kv, close } = await openLocalKv(join(root, '.estat', 'wrangler'), kvNamespaceId(await wranglerToml(root)))
  const name = 'in the KV of npm start on this machine'
  return { records: kvRecords(kv), name, close, startKey: parseKey(state.key)?.id ?? null }
}

async function cloudflare({ namespace }: Place, { env, root }: PlaceOptions): Promise<OpenPlace> {
  const token = needed(env, 'CLOUDFLARE_API_TOKEN', 'a token with the permission "Workers KV Storage: Edit"')
  const accountId = needed(env, 'CLOUDFLARE_ACCOUNT_ID', "the account's id, as wrangler whoami shows it")
  const namespaceId = namespace ?? configuredNamespace(await wranglerToml(root))
  // The name that wrangler gives it.
  const endpoint = env['CLOUDFLARE_API_BASE_URL'] || 'https://api.cloudflare.com/client/v4'
  const records = kvApiRecords({ endpoint, accountId, namespaceId, token, send })
  return { records, name: `in the Workers KV namespace ${namespaceId}`, close: nothing }
}

const KV_ID = /^[0-9a-f]{32}$/

function configuredNamespace(toml: string): string {
  const id = kvNamespaceId(toml)
  if (KV_ID.test(id)) return id
  throw new KeysError(
    'Which namespace? Give --namespace ID, or write id = "..." beside the binding KEYS in wrangler.toml. npx wrangler kv namespace list shows the ids.',
  )
}

async function aws(place: Place, { env }: PlaceOptions): Promise<OpenPlace> {
  const {
    EDGE_TABLE: table,
    AWS_REGION: region,
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
  } = settings({
    ...env,
    ...(place.table === null ? {} : { EDGE_TABLE: place.table }),
    ...(place.region === null ? {} : { AWS_REGION: place.region }),
  })
  if (region === undefined) throw new KeysError('Which region? Give --region NAME, or set AWS_REGION.')
  const sender = awsSender({ service: 'dynamodb', region, credentials: credentialsOf(env), send })
  const client = dynamo({
    endpoint: endpoint ?? `https://dynamodb.${region}.amazonaws.com`,
    table,
    aws: sender,
    timeoutMs: 15_000,
  })
  return {
    records: dynamoRecords({ dynamo: client, now }),
    name: `in the DynamoDB table ${table} (${region})`,
    close: nothing,
  }
}

function credentialsOf(env: Env) {
  try {
    return awsCredentials({ env, send, now })
  } catch {
    throw new KeysError(
      'There are no AWS credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN), for example by: eval "$(aws configure export-credentials --format env)"',
    )
  }
}

async function file({ file: given }: Place, { env, cwd }: PlaceOptions): Promise<OpenPlace> {
  const path = given ?? env['KEYS_FILE']
  if (!path) throw new KeysError("Which file? Give --file PATH, or set KEYS_FILE: the edge's own setting.")
  const whole = resolve(cwd, path)
  return { records: diskRecords({ path: whole, now }), name: `in ${whole}`, close: nothing }
}

/** The edge's own settings, so that what is named once is named once. */
function settings(env: Env) {
  try {
    return parseConfig(EdgeServerOwn, env)
  } catch (error) {
    throw error instanceof ConfigError ? new KeysError(error.message) : error
  }
}

function needed(env: Env, name: string, what: string): string {
  const value = env[name]
  if (value) return value
  throw new KeysError(`${name} is not set: ${what}.`)
}

const wranglerToml = (root: string): Promise<string> => readFile(join(root, 'wrangler.toml'), 'utf8')

const OPEN: Readonly<Record<Platform, (place: Place, options: PlaceOptions) => Promise<OpenPlace>>> = {
  local,
  cloudflare,
  aws,
  file,
}

/** @throws KeysError that says which setting is missing. */
export const openPlace = (place: Place, options: PlaceOptions): Promise<OpenPlace> =>
  OPEN[place.platform](place, options)
