/**
 * RateCounter in DynamoDB: one item for each caller, `rate#<caller>`, with the sliding log of all instances.
 *
 * An item is replaced only as it was read (optimistic concurrency by `version`), so every spending was decided on all
 * that came before it. A conflict brings the present item along (ReturnValuesOnConditionCheckFailure), so nothing is
 * read beforehand. In one process at most one write is under way for each caller: what asks meanwhile waits, is
 * decided in one step, and is written at once. A refusal writes nothing, and asks nothing where what is known suffices:
 * others can only have spent more.
 *
 * Instances share promises between requests here: for Node, Bun, Deno and Lambda, not for workerd.
 */
import { type Attribute, CONDITION_FAILED, type Dynamo, DynamoError, type Item } from '../../shared/aws/dynamodb.ts'
import { packSpendings, type Spending, slidingLog, unpackSpendings, type Verdict } from '../domain/sliding-log.ts'
import type { Ask, RateCounter } from '../ports.ts'

export interface DynamoCounterOptions {
  readonly dynamo: Dynamo
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /**
   * How far the clocks of two instances may be apart: all that is spent counts this much longer, so that the limit
   * holds all the same. AWS keeps the clocks of its machines within a millisecond; a stray laptop may be off.
   */
  readonly skewMs?: number
  /** From 0 up to 1. */
  readonly random?: () => number
  /** Callers whose item is remembered; another one's is met by a conflict, which costs a second request. */
  readonly maxCallers?: number
}

/** What an instance knows of an item. */
interface Known {
  /** Null where there is no item. */
  readonly version: string | null
  readonly spendings: readonly Spending[]
}

interface Waiting {
  readonly ask: Ask
  readonly resolve: (verdict: Verdict) => void
  readonly reject: (reason: unknown) => void
}

interface Desk {
  known: Known
  readonly queue: Waiting[]
  busy: boolean
}

const NOTHING: Known = { version: null, spendings: [] }
/** Of one step against the writes of other instances. Each conflict is another's success. */
const MAX_ATTEMPTS = 12
const MAX_PAUSE_MS = 100
/** An item that no longer counts is left to DynamoDB's TTL, which takes it away some time after. */
const KEEP_LONGER_MS = 60_000

/** @throws Error from `spend` where DynamoDB does not answer, refuses, or others are faster every time. */
export function dynamoCounter(options: DynamoCounterOptions): RateCounter {
  const { dynamo, now, skewMs = 1_000, random = Math.random, maxCallers = 10_000 } = options
  const desks = new Map<string, Desk>()

  /** Bounded: who was away longest is forgotten, unless a write is under way. */
  function deskOf(caller: string): Desk {
    const desk = desks.get(caller) ?? { known: NOTHING, queue: [], busy: false }
    desks.delete(caller)
    if (desks.size >= maxCallers)
      for (const [name, { busy }] of desks) {
        if (!busy) desks.delete(name)
        if (desks.size < maxCallers) break
      }
    desks.set(caller, desk)
    return desk
  }

  const decide = ({ spendings }: Known, asks: readonly Ask[]) => decided(spendings, asks, now(), skewMs)

  /** Decides and writes what waits, with what joins on the way, until it is written or not to be. */
  async function settle(caller: string, desk: Desk): Promise<void> {
    const asked = desk.queue.splice(0)
    try {
      for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
        asked.push(...desk.queue.splice(0))
        const { verdicts, spendings } = decide(
          desk.known,
          asked.map(({ ask }) => ask),
        )
        if (!verdicts.some(({ allowed }) => allowed) || (await write(caller, desk, spendings, asked))) {
          for (const [at, { resolve }] of asked.entries()) resolve(verdicts[at] as Verdict)
          return
        }
        await pause(random() * Math.min(MAX_PAUSE_MS, 2 ** attempt))
      }
      throw new Error('other instances count this caller too, faster every time')
    } catch (error) {
      for (const { reject } of asked) reject(error)
    }
  }

  /** False where another instance wrote in the meantime: what it wrote is known then. */
  async function write(
    caller: string,
    desk: Desk,
    spendings: readonly Spending[],
    asked: readonly Waiting[],
  ): Promise<boolean> {
    const { version } = desk.known
    const next: Known = { version: crypto.randomUUID(), spendings }
    const windowMs = Math.max(...asked.map(({ ask }) => ask.windowMs))
    try {
      await dynamo.call('PutItem', {
        Item: itemOf(caller, next, windowMs),
        ConditionExpression: version === null ? 'attribute_not_exists(pk)' : 'version = :version',
        ...(version === null ? {} : { ExpressionAttributeValues: { ':version': { S: version } } }),
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      })
      desk.known = next
      return true
    } catch (error) {
      // Nothing is known after any other failure, not even whether this was written.
      desk.known = NOTHING
      if (!(error instanceof DynamoError) || error.kind !== CONDITION_FAILED) throw error
      desk.known = knownOf(error.item ?? (await read(caller)))
      return false
    }
  }

  /** After a conflict that brought no item: TTL took it away, or this DynamoDB is one that brings none. */
  async function read(caller: string): Promise<Item | null> {
    const { Item: item } = await dynamo.call('GetItem', { Key: keyOf(caller), ConsistentRead: true })
    return (item as Item | undefined) ?? null
  }

  async function work(caller: string, desk: Desk): Promise<void> {
    desk.busy = true
    while (desk.queue.length > 0) await settle(caller, desk)
    desk.busy = false
  }

  return {
    spend(caller, ask) {
      const desk = deskOf(caller)
      const [verdict] = decide(desk.known, [ask]).verdicts
      if (verdict && !verdict.allowed) return Promise.resolve(verdict)
      return new Promise((resolve, reject) => {
        desk.queue.push({ ask, resolve, reject })
        if (!desk.busy) void work(caller, desk)
      })
    },
  }
}

/** Everything asked, in its order, on what was spent before. */
function decided(past: readonly Spending[], asks: readonly Ask[], now: number, skewMs: number) {
  const log = slidingLog(past)
  const verdicts = asks.map((ask) => log.spend({ ...ask, now, skewMs }))
  return { verdicts, spendings: log.spendings() }
}

const keyOf = (caller: string): Item => ({ pk: { S: `rate#${caller}` } })

function itemOf(caller: string, { version, spendings }: Known, windowMs: number): Item {
  const last = Math.max(0, ...spendings.map(({ at }) => at))
  return {
    ...keyOf(caller),
    version: { S: String(version) },
    log: { S: packSpendings(spendings) },
    expires: { N: String(Math.ceil((last + windowMs + KEEP_LONGER_MS) / 1000)) },
  }
}

/** @throws Error for an item that is none of ours: what was spent is not guessed. */
function knownOf(item: Item | null): Known {
  if (!item) return NOTHING
  return { version: textOf(item['version']), spendings: unpackSpendings(textOf(item['log'])) }
}

function textOf(attribute: Attribute | undefined): string {
  if (attribute && 'S' in attribute) return attribute.S
  throw new Error('not an item of the rate counter')
}

const pause = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis))
