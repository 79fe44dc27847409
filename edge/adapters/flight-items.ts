/**
 * Flights as items of the edge's DynamoDB table: `flight#<key>`, with who flies it, until when, and how it ended.
 *
 * Times are written by one instance and read by another. Clocks that differ cost a second question of the origin, never
 * a wrong answer.
 */
import { CONDITION_FAILED, type Dynamo, DynamoError, type Item } from '../../shared/aws/dynamodb.ts'
import { isKeepable } from '../domain/executed.ts'
import { type Flown, readFlown } from '../domain/flown.ts'
import { packJson, unpackJson } from '../gzip.ts'
import type { ResultCache } from '../ports.ts'

export interface FlightItemsOptions {
  readonly dynamo: Dynamo
  /** Takes answers that no item can hold. */
  readonly cache: ResultCache
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** A flight whose leader is silent for this long is anybody's, milliseconds. */
  readonly leaseMs: number
  /** How long a flight goes on for a waiter of another instance who is silent, milliseconds. */
  readonly waitMs: number
  /** How long what landed answers those who come after, milliseconds. */
  readonly holdMs: number
}

/** A flight that is under way. */
export interface Aloft {
  readonly holder: string
  /** Whether its leader gave no sign for too long. */
  readonly lost: boolean
}
/** `gone`: there is nothing any more, a new flight may begin. */
export type Seen = Aloft | { readonly flown: Flown } | 'gone'

export interface FlightItems {
  /** Begins a flight, unless one is under way or has just landed with what all may have. */
  take(key: string, holder: string): Promise<'taken' | Seen>
  /** Tells the leader that somebody waits elsewhere, and sees how it stands. */
  wait(key: string, holder: string): Promise<Seen>
  /** The leader's sign of life. Nothing where the flight is another's by now. */
  renew(key: string, holder: string): Promise<void>
  land(key: string, holder: string, flown: Flown): Promise<void>
  /** @returns False where somebody waits elsewhere: then the flight goes on. */
  giveUp(key: string, holder: string): Promise<boolean>
}

/** An item holds 400 KB in all (DynamoDB developer guide, "Quotas"). */
const MAX_BYTES = 300_000

export function flightItems({ dynamo, cache, now, leaseMs, waitMs, holdMs }: FlightItemsOptions): FlightItems {
  const keyOf = (key: string): Item => ({ pk: { S: `flight#${key}` } })
  const ms = (after: number) => ({ N: String(now() + after) })
  /** DynamoDB takes it away some time after, which nobody waits for. */
  const expires = (after: number) => ({ N: String(Math.ceil((now() + after) / 1000) + 60) })

  /** False where the condition does not hold. */
  async function change(operation: 'UpdateItem' | 'DeleteItem', request: object): Promise<Item | false> {
    try {
      const { Attributes } = await dynamo.call(operation, { ...request })
      return (Attributes as Item | undefined) ?? {}
    } catch (error) {
      if (error instanceof DynamoError && error.kind === CONDITION_FAILED) return false
      throw error
    }
  }

  async function read(key: string): Promise<Item | null> {
    const { Item: item } = await dynamo.call('GetItem', { Key: keyOf(key), ConsistentRead: true })
    return (item as Item | undefined) ?? null
  }

  async function seen(item: Item | null): Promise<Seen> {
    const { holder, until, landed, handed, passing } = readItem(item)
    if (holder === null) return 'gone'
    const over = now() >= until
    if (landed === null && handed === null) return { holder, lost: over }
    if (over) return 'gone'
    return { flown: landed === null ? await take(String(handed), passing) : await unpack(landed) }
  }

  async function take(handed: string, passing: boolean): Promise<Flown> {
    const kept = await cache.get(handed)
    if (!kept) throw new Error('what was handed over is gone')
    const { result, text, validator } = kept
    const of = validator === undefined ? {} : { validator }
    return { outcome: { ok: true, answer: { result, text }, storable: !passing, ...of } }
  }

  return {
    async take(key, holder) {
      try {
        await dynamo.call('PutItem', {
          Item: { ...keyOf(key), holder: { S: holder }, until: ms(leaseMs), expires: expires(leaseMs) },
          // What landed and may not be kept is for those alone who waited for it.
          ConditionExpression: 'attribute_not_exists(pk) OR #until <= :now OR passing = :true',
          ExpressionAttributeNames: { '#until': 'until' },
          ExpressionAttributeValues: { ':now': ms(0), ':true': { BOOL: true } },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        })
        return 'taken'
      } catch (error) {
        if (!(error instanceof DynamoError) || error.kind !== CONDITION_FAILED) throw error
        return seen(error.item ?? (await read(key)))
      }
    },
    async wait(key, holder) {
      const marked = await change('UpdateItem', {
        Key: keyOf(key),
        UpdateExpression: 'SET waiting = :until',
        ConditionExpression: 'holder = :holder AND attribute_not_exists(landed) AND attribute_not_exists(handed)',
        ExpressionAttributeValues: { ':until': ms(waitMs), ':holder': { S: holder } },
        ReturnValues: 'ALL_NEW',
      })
      return seen(marked || (await read(key)))
    },
    async renew(key, holder) {
      await change('UpdateItem', {
        Key: keyOf(key),
        UpdateExpression: 'SET #until = :until, expires = :expires',
        ConditionExpression: 'holder = :holder',
        ExpressionAttributeNames: { '#until': 'until' },
        ExpressionAttributeValues: { ':until': ms(leaseMs), ':expires': expires(leaseMs), ':holder': { S: holder } },
      })
    },
    async land(key, holder, flown) {
      const packed = await packJson(flown)
      const handed = `handed:${holder}`
      const large = packed.length > MAX_BYTES
      if (large && 'outcome' in flown && flown.outcome.ok) {
        const { answer, validator } = flown.outcome
        const kept = { ...answer, storedAt: now(), ...(validator === undefined ? {} : { validator }) }
        await cache.put(handed, kept, Math.ceil(holdMs / 1000))
      }
      const passing = !('outcome' in flown) || !isKeepable(flown.outcome)
      await change('UpdateItem', {
        Key: keyOf(key),
        UpdateExpression: `SET ${large ? 'handed' : 'landed'} = :written, passing = :passing, #until = :until, expires = :expires`,
        ConditionExpression: 'holder = :holder',
        ExpressionAttributeNames: { '#until': 'until' },
        ExpressionAttributeValues: {
          ':written': large ? { S: handed } : { B: base64(packed) },
          ':passing': { BOOL: passing },
          ':until': ms(holdMs),
          ':expires': expires(holdMs),
          ':holder': { S: holder },
        },
      })
    },
    async giveUp(key, holder) {
      const gone = await change('DeleteItem', {
        Key: keyOf(key),
        ConditionExpression: 'holder = :holder AND (attribute_not_exists(waiting) OR waiting <= :now)',
        ExpressionAttributeValues: { ':holder': { S: holder }, ':now': ms(0) },
      })
      return gone !== false || readItem(await read(key)).holder !== holder
    },
  }
}

/** An item of ours; nothing known of one that is missing or another's. */
function readItem(item: Item | null) {
  const { holder, until, landed, handed, passing } = item ?? {}
  return {
    holder: holder && 'S' in holder ? holder.S : null,
    until: until && 'N' in until ? Number(until.N) : 0,
    landed: landed && 'B' in landed ? landed.B : null,
    handed: handed && 'S' in handed ? handed.S : null,
    passing: passing !== undefined && 'BOOL' in passing && passing.BOOL,
  }
}

async function unpack(landed: string): Promise<Flown> {
  const flown = readFlown(await unpackJson(Uint8Array.from(atob(landed), (char) => char.charCodeAt(0))))
  if (!flown) throw new Error('what landed has another form')
  return flown
}

/** In pieces: a call takes only so many arguments. */
function base64(bytes: Uint8Array): string {
  let binary = ''
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return btoa(binary)
}
