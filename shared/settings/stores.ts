/** Where an edge that is not on Cloudflare keeps what its instances share. */
import * as z from 'zod'
import { endpoint } from './kinds.ts'

export const stores = {
  EDGE_STORE: z
    .enum(['memory', 'dynamodb'])
    .default('memory')
    .describe(
      '`memory`: limits, cache and flights are of this process alone. `dynamodb`: shared by all instances, in `EDGE_TABLE` and `CACHE_BUCKET`.',
    ),
  EDGE_TABLE: z
    .string()
    .regex(/^[\w.-]{3,255}$/, 'must be the name of a DynamoDB table')
    .default('estat-edge')
    .describe('DynamoDB table: partition key `pk` (string), no sort key, TTL attribute `expires`.'),
  CACHE_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be a bucket name')
    .optional()
    .describe(
      'Bucket of the shared search cache, under `cache/` (give that prefix a lifecycle rule of 10 days); without it each process keeps its own.',
    ),
  KEYS_FILE: z
    .string()
    .optional()
    .describe('With `EDGE_STORE=memory`: the file of API keys that `npm run keys` writes (mode 0600).'),
  AWS_REGION: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be a region such as ap-northeast-1')
    .optional()
    .describe('Region of table and bucket; needed with `EDGE_STORE=dynamodb` and with `CACHE_BUCKET`.'),
  AWS_ENDPOINT_URL_DYNAMODB: endpoint.describe("Another DynamoDB than the region's own."),
  AWS_ENDPOINT_URL_S3: endpoint.describe("Another S3 than the region's own; asked by path (`/<bucket>/<key>`)."),
}
