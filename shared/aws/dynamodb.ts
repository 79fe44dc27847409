/** DynamoDB's wire protocol, as far as it is needed here: JSON 1.0 over HTTPS (developer guide, "Low-level API"). */
import * as z from 'zod'
import type { AwsSender } from './sender.ts'

/** An attribute as it travels: numbers as text. */
export type Attribute =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly BOOL: boolean }
  /** Bytes as Base64. */
  | { readonly B: string }
  | { readonly L: readonly Attribute[] }
  | { readonly M: Item }
export type Item = { readonly [name: string]: Attribute }

type Operation = 'GetItem' | 'PutItem' | 'UpdateItem' | 'DeleteItem' | 'Query' | 'Scan'

/** DynamoDB said no. `kind` is its exception's name; `item` what is there instead, where that was asked for. */
export class DynamoError extends Error {
  override readonly name = 'DynamoError'
  readonly kind: string
  readonly item: Item | null

  constructor(kind: string, item: Item | null) {
    super(`DynamoDB refused: ${kind}`)
    this.kind = kind
    this.item = item
  }
}

export interface DynamoOptions {
  /** `https://dynamodb.<region>.amazonaws.com`, or another that speaks for it. */
  readonly endpoint: string
  readonly table: string
  readonly aws: AwsSender
  /** Of one request, milliseconds. */
  readonly timeoutMs?: number
}

export interface Dynamo {
  /**
   * One operation on the table; `TableName` is added.
   *
   * @throws DynamoError where DynamoDB answers with an exception, ConditionalCheckFailedException among them.
   */
  call(operation: Operation, request: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>>
}

const Refusal = z.object({ __type: z.string(), Item: z.custom<Item>((item) => typeof item === 'object').optional() })

export const CONDITION_FAILED = 'ConditionalCheckFailedException'

export function dynamo({ endpoint, table, aws, timeoutMs = 2_000 }: DynamoOptions): Dynamo {
  return {
    async call(operation, request) {
      const response = await aws({
        url: `${endpoint.replace(/\/$/, '')}/`,
        method: 'POST',
        headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `DynamoDB_20120810.${operation}` },
        body: JSON.stringify({ TableName: table, ...request }),
        signal: AbortSignal.timeout(timeoutMs),
      })
      const body: unknown = await response.json()
      if (response.ok) return body as Readonly<Record<string, unknown>>
      const { __type: type, Item: item } = Refusal.parse(body)
      throw new DynamoError(type.split('#').at(-1) ?? type, item ?? null)
    },
  }
}
