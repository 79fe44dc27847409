import * as z from 'zod'
import type { Records } from '../records.ts'
import type { Dynamo } from './dynamodb.ts'

export interface DynamoRecordsOptions {
  readonly dynamo: Pick<Dynamo, 'call'>
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

const PREFIX = 'record#'

const Text = z.object({ S: z.string() })
const Item = z.object({ pk: Text, text: Text, expires: z.object({ N: z.string() }).optional() })
const Got = z.object({ Item: Item.optional() })
const Page = z.object({
  Items: z.array(z.object({ pk: Text })),
  LastEvaluatedKey: z.record(z.string(), z.unknown()).optional(),
})

/**
 * Texts in DynamoDB, an item each: `pk` is `record#<name>`, `text` the text, `expires` the second after which DynamoDB
 * may delete it. It does so some days late (developer guide, "Time to Live"), so the time is compared here as well.
 *
 * Reads are strongly consistent: a change is seen by the next read, wherever it was made.
 *
 * `list` scans the table. An item that named all others would be a second truth, out of step when a writer dies
 * between the two, and a point where all writers meet; a second index costs on every write. An operator lists a few
 * times a day, and what else is in the table, counters of callers and flights, is small and short-lived.
 */
export function dynamoRecords({ dynamo, now }: DynamoRecordsOptions): Records {
  const key = (name: string) => ({ pk: { S: `${PREFIX}${name}` } })
  const seconds = (): number => Math.floor(now() / 1000)

  return {
    async get(name) {
      const { Item: item } = Got.parse(await dynamo.call('GetItem', { Key: key(name), ConsistentRead: true }))
      if (!item || (item.expires && Number(item.expires.N) <= seconds())) return null
      return item.text.S
    },
    async put(name, text, keepSeconds) {
      const expires = keepSeconds === undefined ? {} : { expires: { N: String(Math.ceil(now() / 1000 + keepSeconds)) } }
      await dynamo.call('PutItem', { Item: { ...key(name), text: { S: text }, ...expires } })
    },
    async delete(name) {
      await dynamo.call('DeleteItem', { Key: key(name) })
    },
    async list(prefix) {
      const names: string[] = []
      let from: Readonly<Record<string, unknown>> | undefined
      do {
        const page = Page.parse(
          await dynamo.call('Scan', {
            ConsistentRead: true,
            ProjectionExpression: 'pk',
            FilterExpression: 'begins_with(pk, :prefix) AND (attribute_not_exists(#expires) OR #expires > :now)',
            ExpressionAttributeNames: { '#expires': 'expires' },
            ExpressionAttributeValues: { ':prefix': { S: `${PREFIX}${prefix}` }, ':now': { N: String(seconds()) } },
            ...(from ? { ExclusiveStartKey: from } : {}),
          }),
        )
        names.push(...page.Items.map(({ pk }) => pk.S.slice(PREFIX.length)))
        from = page.LastEvaluatedKey
      } while (from)
      return names.toSorted()
    },
  }
}
