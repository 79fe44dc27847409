/** What `npm run keys -- ...` was asked to do. Pure. */
import { type ParseArgsConfig, parseArgs } from 'node:util'
import type { KeyGrant } from '../../../shared/key-admin.ts'
import { tenantName } from '../../../shared/keys.ts'
import { DEFAULT_TENANT } from '../../../shared/server-info.ts'
import { KeysError } from './refusal.ts'
import { checked, grantOf, ofLink, parseInstant, wrong } from './values.ts'

export const PLATFORMS = ['local', 'cloudflare', 'aws', 'file'] as const
export type Platform = (typeof PLATFORMS)[number]

/** Where the records are; null is what the environment says. */
export interface Place {
  readonly platform: Platform
  /** KV namespace id on Cloudflare. */
  readonly namespace: string | null
  /** DynamoDB table and its region on AWS. */
  readonly table: string | null
  readonly region: string | null
  readonly file: string | null
}

export type Command =
  | { readonly do: 'create'; readonly grant: KeyGrant; readonly place: Place }
  | { readonly do: 'list'; readonly place: Place }
  | { readonly do: 'show'; readonly id: string; readonly place: Place }
  | { readonly do: 'revoke'; readonly id: string; readonly place: Place }
  | { readonly do: 'revoke-link'; readonly tenant: string; readonly jti: string; readonly place: Place }
  /** @property before Milliseconds since the epoch. */
  | { readonly do: 'revoke-links'; readonly tenant: string; readonly before: number; readonly place: Place }
  | { readonly do: 'signing'; readonly what: 'caller' | 'links' | 'admin' }

export interface Asked {
  readonly command: Command
  readonly json: boolean
}

export const USAGE = `npm run keys -- create [--tenant ${DEFAULT_TENANT}] [--scopes read,lake] [--limit 200] [--expires 90d] [--label "Tanaka"]
npm run keys -- list
npm run keys -- show ID
npm run keys -- revoke ID
npm run keys -- revoke-links --link URL | --tenant NAME [--before 2026-11-20T09:00:00Z]
npm run keys -- signing caller | links | admin

Where:  --platform local        what npm start runs on this machine (default)
        --platform cloudflare   Workers KV; CLOUDFLARE_API_TOKEN, CLOUDFLARE_ACCOUNT_ID, --namespace ID
        --platform aws          DynamoDB; AWS credentials of the environment, --table NAME --region NAME
        --platform file         one file of this machine, the edge's KEYS_FILE; --file PATH
Also:   --json                  one JSON document on standard output, for scripts`

const OPTIONS = {
  platform: { type: 'string', default: 'local' },
  namespace: { type: 'string' },
  table: { type: 'string' },
  region: { type: 'string' },
  file: { type: 'string' },
  tenant: { type: 'string' },
  scopes: { type: 'string' },
  limit: { type: 'string' },
  expires: { type: 'string' },
  label: { type: 'string' },
  link: { type: 'string' },
  before: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const satisfies ParseArgsConfig['options']

type Values = ReturnType<typeof read>['values']

/** Options that only some commands take: another one that is given is a mistake, and is said to be one. */
const OF_COMMAND: Readonly<Record<string, readonly (keyof Values)[]>> = {
  create: ['tenant', 'scopes', 'limit', 'expires', 'label'],
  'revoke-links': ['tenant', 'link', 'before'],
}
const DETAILS: readonly (keyof Values)[] = ['tenant', 'scopes', 'limit', 'expires', 'label', 'link', 'before']

/**
 * @param now Milliseconds since the epoch.
 * @throws KeysError that says what to write instead.
 */
export function readCommand(args: readonly string[], now: number): Asked {
  const { values, positionals } = read(args)
  const [name = '', operand, ...rest] = positionals
  const stray = DETAILS.find((option) => values[option] !== undefined && !OF_COMMAND[name]?.includes(option))
  if (rest.length > 0) throw wrong(`"${rest[0]}" is one word too many.`)
  const known = ['create', 'list', 'show', 'revoke', 'revoke-links', 'signing'].includes(name)
  if (known && stray) throw wrong(`"${name}" does not take --${stray}.`)
  return { command: commandOf(name, operand, values, now), json: values.json }
}

function read(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true })
  } catch (error) {
    throw wrong(error instanceof Error ? error.message.split('. ')[0] + '.' : 'The options cannot be read.')
  }
}

function commandOf(name: string, operand: string | undefined, values: Values, now: number): Command {
  const place = placeOf(values)
  if (operand !== undefined && ['create', 'list', 'revoke-links'].includes(name))
    throw wrong(`"${operand}" is one word too many.`)
  switch (name) {
    case 'create':
      return { do: name, grant: grantOf(values, now), place }
    case 'list':
      return { do: name, place }
    case 'show':
    case 'revoke':
      return { do: name, id: idOf(operand), place }
    case 'revoke-links':
      return revocation(values, now, place)
    case 'signing':
      if (operand === 'caller' || operand === 'links' || operand === 'admin') return { do: name, what: operand }
      throw wrong('"signing" is for caller, links or admin.')
    default:
      throw name === '' ? new KeysError(USAGE) : wrong(`There is no "${name}".`)
  }
}

function placeOf({ platform, namespace, table, region, file }: Values): Place {
  const known = PLATFORMS.find((one) => one === platform)
  if (!known) throw wrong(`--platform is one of ${PLATFORMS.join(', ')}.`)
  return {
    platform: known,
    namespace: namespace ?? null,
    table: table ?? null,
    region: region ?? null,
    file: file ?? null,
  }
}

/** A whole key is taken for its id: it is what people have at hand. */
function idOf(operand: string | undefined): string {
  const id = /^([a-z0-9]{8,32})(\.[\w-]{43})?$/.exec(operand ?? '')?.[1]
  if (id) return id
  throw wrong('Give the id of a key: what stands before its dot, 8 to 32 letters and digits.')
}

function revocation({ tenant, link, before }: Values, now: number, place: Place): Command {
  if (link !== undefined) {
    if (tenant !== undefined || before !== undefined) throw wrong('--link stands alone: the link names its tenant.')
    return { do: 'revoke-link', ...ofLink(link), place }
  }
  if (tenant === undefined) throw wrong('Give --link URL for one link, or --tenant NAME for all of its links.')
  const instant = before === undefined ? now : parseInstant(before)
  if (instant === null || instant > now)
    throw wrong(
      '--before is a date (2026-11-20) or an instant (2026-11-20T09:00:00Z) that has passed; now where absent.',
    )
  return { do: 'revoke-links', tenant: checked(tenantName, tenant, 'There is no such tenant.'), before: instant, place }
}
