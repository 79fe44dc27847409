/**
 * The public keys of an issuer: fetched when they are needed, again when a token names one that is not there, and
 * kept for when the issuer is down. A token with an invented key id makes no request of its own.
 */
import { createLocalJWKSet, errors, type JWTVerifyGetKey } from 'jose'
import * as z from 'zod'
import { fault } from '../shared/fault.ts'
import { discoverJwksUri } from './discovery.ts'
import type { Report } from './env.ts'
import type { Records } from './ports.ts'
import { fetchSmallJson } from './small-json.ts'
import { within } from './within.ts'

export interface IssuerKeysOptions {
  readonly issuer: string
  /** Discovered at the issuer where absent. */
  readonly jwksUri: string | undefined
  readonly send: (request: Request) => Promise<Response>
  /** Where the last good copy is kept, shared by all instances. */
  readonly records: Records
  /** How long `records` may take. */
  readonly storeTimeoutMs: number
  /** How long the issuer may take, discovery included. */
  readonly timeoutMs: number
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly report: Report
}

/** After this long the keys are fetched again, so that one which was withdrawn is not taken for ever. */
const FRESH_MS = 600_000
/** No two requests for keys within this time; without any keys at all sooner. */
const COOL_DOWN_MS = 30_000
const RETRY_MS = 5_000
/** Keys that could not be fetched again serve this long: an issuer that is down locks nobody out who has a token. */
const LAST_GOOD_MS = 86_400_000
const MAX_BYTES = 200_000
/** How often those who wait for another's request look whether it is done. */
const LOOK_MS = 20

/** Asymmetric keys: what a symmetric one would verify anybody could have signed who can read it. */
const KeySet = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(100) })
const Copy = z.object({ fetchedAt: z.number(), keys: z.array(z.looseObject({ kty: z.string() })).min(1) })

interface Held {
  readonly find: JWTVerifyGetKey
  /** Milliseconds since the epoch. */
  readonly fetchedAt: number
}

/**
 * Finds the key that a token names, for `jwtVerify` of jose.
 *
 * @throws Fault ESTAT_UNAVAILABLE where no keys can be had; jose's own errors where no key fits.
 */
export function issuerKeys(options: IssuerKeysOptions): JWTVerifyGetKey {
  const { issuer, send, records, storeTimeoutMs, timeoutMs, now, report } = options
  const name = recordName(issuer)
  let held: Held | null = null
  /** When the issuer was asked last. */
  let triedAt = Number.NEGATIVE_INFINITY
  /** While a request is under way: when it is given up on, should its own caller have left. */
  let loadingUntil = 0
  let jwksUri = options.jwksUri

  const age = (): number => (held ? now() - held.fetchedAt : Number.POSITIVE_INFINITY)
  const hold = (keys: z.infer<typeof Copy>['keys'], fetchedAt: number): void => {
    held = { find: createLocalJWKSet({ keys }), fetchedAt }
  }

  async function adoptCopy(): Promise<void> {
    try {
      const text = await within(storeTimeoutMs, records.get(await name))
      const copy = text === null ? null : Copy.parse(JSON.parse(text))
      if (!copy || copy.fetchedAt <= (held?.fetchedAt ?? 0) || now() - copy.fetchedAt >= LAST_GOOD_MS) return
      // Of a clock that is ahead: who knows how old it is. It stands in, and the issuer is asked.
      hold(copy.keys, copy.fetchedAt > now() ? now() - FRESH_MS : copy.fetchedAt)
    } catch (error) {
      report(error, 'records')
    }
  }

  async function fetchKeys(): Promise<void> {
    triedAt = now()
    const signal = AbortSignal.timeout(timeoutMs)
    const bounds = { send, signal, maxBytes: MAX_BYTES }
    try {
      jwksUri ??= await discoverJwksUri(issuer, bounds)
      const { keys: all } = KeySet.parse(await fetchSmallJson(jwksUri, bounds))
      const keys = all.filter(({ kty }) => ['RSA', 'EC', 'OKP'].includes(kty))
      if (keys.length === 0) throw new Error('the issuer publishes no key')
      hold(keys, now())
      const text = JSON.stringify({ fetchedAt: now(), keys })
      await within(storeTimeoutMs, records.put(await name, text, LAST_GOOD_MS / 1000)).catch((error: unknown) =>
        report(error, 'records'),
      )
    } catch (error) {
      // It may have moved: the next attempt asks the issuer again.
      jwksUri = options.jwksUri
      report(error, 'issuer keys')
    }
  }

  /** @param newest Whether a copy that another instance fetched lately will not do. */
  async function load(newest: boolean): Promise<void> {
    loadingUntil = now() + timeoutMs + 2 * storeTimeoutMs
    try {
      if (!newest) await adoptCopy()
      if (newest || age() >= FRESH_MS) await fetchKeys()
    } finally {
      loadingUntil = 0
    }
  }

  const isLoading = (): boolean => now() < loadingUntil
  const rested = (millis: number): boolean => now() - triedAt >= millis

  /** workerd cannot share a promise between requests, so whoever comes second looks until the first is done. */
  async function othersLoad(): Promise<void> {
    while (isLoading()) await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
  }

  async function current(): Promise<Held> {
    if (held) {
      if (age() >= FRESH_MS && rested(COOL_DOWN_MS) && !isLoading()) await load(false)
    } else if (isLoading()) await othersLoad()
    else if (rested(RETRY_MS)) await load(false)
    if (!held || age() >= LAST_GOOD_MS) throw unavailable()
    return held
  }

  /** After a token has named a key that is not there. */
  async function newest(): Promise<Held> {
    if (isLoading()) await othersLoad()
    else if (age() >= COOL_DOWN_MS && rested(COOL_DOWN_MS)) await load(true)
    return current()
  }

  return async function issuerKey(header, token) {
    const { find } = await current()
    try {
      return await find(header, token)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
    }
    return (await newest()).find(header, token)
  }
}

async function recordName(issuer: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(issuer))
  return `jwks:${Array.from(new Uint8Array(digest, 0, 12), (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

const unavailable = () =>
  fault('ESTAT_UNAVAILABLE', 'Tokens cannot be checked at present: their issuer does not answer.', {
    hint: 'Call again in a minute.',
  })
