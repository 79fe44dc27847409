/** The listener of the origin that only administrators use. */
import * as z from 'zod'
import { endpoint, names, port } from './kinds.ts'

/** Spread into `OriginConfig`. */
export const adminSettings = {
  ADMIN_PORT: port
    .optional()
    .describe('Where the origin answers its administrators (`/admin/`), and nobody else. Absent: nowhere.'),
  ADMIN_HOST: z
    .string()
    .default('127.0.0.1')
    .describe('The address that binds. Beyond loopback it belongs behind TLS or port forwarding.'),
  ADMIN_ALLOWED_HOSTS: names.describe(
    'Host names that the administration answers to beside loopback, comma-separated: a page of another name cannot reach it (DNS rebinding).',
  ),
  EDGE_URL: endpoint.describe('The edge, for purging its cache from the administration.'),
  EDGE_TABLE: z
    .string()
    .regex(/^[\w.-]{3,255}$/, 'must be the name of a DynamoDB table')
    .optional()
    .describe(
      "The edge's DynamoDB table in `AWS_REGION`: its keys are listed and changed, and its cache purged, from the administration.",
    ),
  AWS_ENDPOINT_URL_DYNAMODB: endpoint.describe("Another DynamoDB than the region's own."),
  EDGE_ADMIN_KEY: z.string().optional().describe('An API key of that edge with the scope `admin`. A secret.'),
}
