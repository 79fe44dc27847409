import { canonicalJson } from './canonical-json.ts'

/** Raised when the form of what is kept changes, so that a deploy never reads what an older one wrote. */
const SCHEMA = 'v1'

/** Answers about public statistics are the same for everyone (PRODUCT.md section 1, promise 11). */
export const PUBLIC = 'pub'

/** Who shares what a tool answers: all, or those of one tenant. No tenant's name makes another's part, nor the public one. */
export const partitionOf = (partition: 'public' | 'tenant', tenant: string): string =>
  partition === 'public' ? PUBLIC : `tenant=${encodeURIComponent(tenant)}`

export interface Keyed {
  readonly tool: string
  readonly version: number
  /** Validated and normalised: equal meaning, equal object. Ids, tokens and `_meta` are no part of it. */
  readonly args: Readonly<Record<string, unknown>>
  /** Who shares the entry: `PUBLIC`, or something of the tenant's own. */
  readonly partition: string
  /** Another generation finds nothing of what this one kept: purging everything is one change of a setting. */
  readonly generation: string
}

/** `v1:<generation>:<tool>@<version>:<sha256>:<partition>`. Arguments are hashed: a key may be logged. */
export async function cacheKey({ tool, version, args, partition, generation }: Keyed): Promise<string> {
  const hex = await digestOf(args)
  return `${SCHEMA}:${generation}:${tool}@${version}:${hex}:${partition}`
}

/** By the arguments themselves, which nobody changes: equal ones come as one object (`call-plan.ts`). */
const digests = new WeakMap<object, string>()

async function digestOf(args: Keyed['args']): Promise<string> {
  const known = digests.get(args)
  if (known !== undefined) return known
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(canonicalJson(args)))
  const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
  digests.set(args, hex)
  return hex
}
