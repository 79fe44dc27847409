/** What an edge is told that listens by itself: on Node, Bun and Deno. On Cloudflare and Lambda the platform does. */
import * as z from 'zod'
import { headerName } from './header-name.ts'
import { port } from './kinds.ts'

export const server = {
  EDGE_HOST: z.string().default('127.0.0.1').describe('The address the edge binds.'),
  EDGE_PORT: port.default(8787).describe('Where the edge listens.'),
  EDGE_METRICS: z
    .enum(['off', 'emf'])
    .default('off')
    .describe(
      "`emf`: counters of requests go to the log each minute in CloudWatch's embedded metric format, which makes graphs of them by itself. Prometheus scrapes `/admin/metrics` with a key of scope `admin`.",
    ),
  TLS_CERT_FILE: z
    .string()
    .optional()
    .describe('Certificate chain (PEM): the edge then speaks TLS. A renewed file is taken up without a restart.'),
  TLS_KEY_FILE: z.string().optional().describe('Private key of that certificate (PEM).'),
  CLIENT_ADDRESS_HEADER: headerName.describe(
    "Header in which the operator's own proxy writes the client's address: `CloudFront-Viewer-Address`, `X-Forwarded-For`. Without it the address is the connection's. Name none that a client could send past the proxy.",
  ),
  TRUSTED_HOPS: z.coerce
    .number()
    .int()
    .min(1)
    .max(16)
    .default(1)
    .describe('How many of the last entries of `X-Forwarded-For` own proxies wrote: the first of these is the client.'),
}
