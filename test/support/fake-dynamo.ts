import { CONDITION_FAILED, type Dynamo, DynamoError, type Item } from '../../shared/aws/dynamodb.ts'

export interface FakeDynamo {
  readonly dynamo: Dynamo
  /** Requests so far. */
  readonly requests: () => number
  /** From now on requests fail before they are carried out, or after, or not any more. */
  readonly fail: (mode: 'no' | 'before' | 'after') => void
}

/**
 * PutItem on the `version` of what is there, in memory. It keeps the hard promise: an item is replaced only as the
 * condition says, and a conflict brings the present one along, as AWS has it and dynalite does not.
 */
export function fakeDynamo(): FakeDynamo {
  const items = new Map<string, Item>()
  let mode: 'no' | 'before' | 'after' = 'no'
  let requests = 0
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
  const textOf = (item: Item | undefined, name: string): string | undefined =>
    (item?.[name] as { S: string } | undefined)?.S

  const dynamo: Dynamo = {
    async call(operation, request) {
      if (operation !== 'PutItem') throw new Error(`this one does not know ${operation}`)
      requests++
      await turn()
      if (mode === 'before') throw new Error('no answer')
      const { Item: item, ExpressionAttributeValues: values } = request as {
        Item: Item
        ExpressionAttributeValues?: { ':version': { S: string } }
      }
      const pk = textOf(item, 'pk') ?? ''
      const old = items.get(pk)
      if (textOf(old, 'version') !== values?.[':version'].S) throw new DynamoError(CONDITION_FAILED, old ?? null)
      items.set(pk, item)
      await turn()
      if (mode === 'after') throw new Error('no answer')
      return {}
    },
  }
  return { dynamo, requests: () => requests, fail: (next) => void (mode = next) }
}
