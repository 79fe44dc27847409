import * as z from 'zod'
import { isLoopback } from '../loopback.ts'
import { EdgeConfig } from './edge.ts'
import { server } from './server.ts'
import { stores } from './stores.ts'

/** What only such an edge is told. */
export const EdgeServerOwn = z.object({ ...server, ...stores })

/** What the edge is told where it listens by itself (Node, Bun, Deno). */
export const EdgeServerConfig = EdgeConfig.extend(EdgeServerOwn.shape).superRefine((config, context) => {
  const missing = (name: string): void => context.addIssue({ code: 'custom', path: [name], message: 'is required' })
  const onAws = config.EDGE_STORE === 'dynamodb' || config.CACHE_BUCKET !== undefined
  if (onAws && config.AWS_REGION === undefined) missing('AWS_REGION')
  if (config.TLS_CERT_FILE !== undefined && config.TLS_KEY_FILE === undefined) missing('TLS_KEY_FILE')
  if (config.TLS_KEY_FILE !== undefined && config.TLS_CERT_FILE === undefined) missing('TLS_CERT_FILE')
  // Whoever reaches the socket names the host: only the address it binds tells that nobody else can.
  if (config.AUTH_MODE === 'open' && config.ALLOW_OPEN !== '1' && !isLoopback(config.EDGE_HOST))
    context.addIssue({
      code: 'custom',
      path: ['AUTH_MODE'],
      message: '`open` is for loopback; elsewhere ALLOW_OPEN=1 has to allow it',
    })
})
export type EdgeServerConfig = z.infer<typeof EdgeServerConfig>
