/** What every edge is told, whatever it runs on. */
import * as z from 'zod'
import { FILES } from './files.ts'
import { https } from './https.ts'
import { identitySettings } from './identity.ts'
import { hasNoPath, json, names, privateJwk } from './kinds.ts'

export const EdgeConfig = z.object({
  // The caller token is bound to the path alone, so the edge's paths are the origin's.
  ORIGIN_URL: z
    .url({ protocol: /^https?$/ })
    .refine(hasNoPath, 'must have no path')
    .describe('Where the origin listens, e.g. `http://127.0.0.1:8080`.'),
  ...identitySettings,
  CALLER_SIGNING_KEY: json(privateJwk, 'a private Ed25519 JWK').describe(
    'Private Ed25519 JWK that signs the caller token for the origin. A secret.',
  ),
  ...https,
  ALLOWED_ORIGINS: names.describe('Web origins that may call from a browser, comma-separated. Loopback may always.'),
  ALLOWED_HOSTS: names.describe(
    'Host names this edge answers to, comma-separated. Loopback always; empty: loopback alone.',
  ),
  RATE_LIMIT_PER_MINUTE: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(100)
    .describe('Requests a minute for each caller whose key sets no limit of its own.'),
  CACHE_GENERATION: z
    .string()
    .regex(/^[\w.-]{1,64}$/, 'must be 1 to 64 letters, digits, dots, hyphens or underscores')
    .default('1')
    .describe(
      'Part of every key of the search cache: another value holds all that was kept for nothing, as `POST /admin/purge` does without a deploy.',
    ),
  ...FILES,
})
export type EdgeConfig = z.infer<typeof EdgeConfig>
