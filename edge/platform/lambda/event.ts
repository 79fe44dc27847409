/** What the events of Lambda's fronts say beside the request: who is there, whether TLS was spoken, how much may go back. */
import * as z from 'zod'
import type { LambdaEvent } from 'hono/aws-lambda'

/** Lambda developer guide, "Lambda quotas": payload of a synchronous invocation. */
const LAMBDA_BYTES = 6 * 1024 * 1024
/** Elastic Load Balancing, "Lambda functions as targets": body of request and response as JSON. */
const BALANCER_BYTES = 1024 * 1024
/** For status and headers of the answer. */
const HEADROOM_BYTES = 32 * 1024

/** API Gateway REST has it in `identity`, HTTP API and function URL in `http`. */
const Context = z.object({
  elb: z.unknown().optional(),
  identity: z.object({ sourceIp: z.string() }).optional().catch(undefined),
  http: z.object({ sourceIp: z.string() }).optional().catch(undefined),
})

export interface Front {
  /** Of the client as the front saw it. A load balancer writes it into a header: the last entry of X-Forwarded-For. */
  readonly address: string | null
  readonly secure: boolean
  /** Of the answer's body as it travels, in bytes. */
  readonly maxBytes: number
}

export function frontOf({ requestContext }: LambdaEvent, headers: Headers): Front {
  const { elb, identity, http } = Context.parse(requestContext ?? {})
  if (elb === undefined)
    // API Gateway and function URLs speak TLS alone.
    return {
      address: identity?.sourceIp ?? http?.sourceIp ?? null,
      secure: true,
      maxBytes: LAMBDA_BYTES - HEADROOM_BYTES,
    }
  return {
    address: headers.get('x-forwarded-for')?.split(',').at(-1)?.trim() ?? null,
    secure: headers.get('x-forwarded-proto') === 'https',
    maxBytes: BALANCER_BYTES - HEADROOM_BYTES,
  }
}
