/** How an answer says that it is older than its time (RFC 5861): the edge adds it, the tool's output schema allows it. */
import * as z from 'zod'

export const STALE_REASONS = ['revalidating', 'origin_unavailable'] as const
export type StaleReason = (typeof STALE_REASONS)[number]

/** A member named `stale` of the output of every cacheable tool. */
export const staleMark = z
  .object({
    age_seconds: z.int().min(0).describe('How long ago the answer was made.'),
    reason: z.enum(STALE_REASONS).describe('Why no newer one was given.'),
  })
  .optional()
  .describe('Present only where a cache answers past its time.')
