/** Which requests count as safe from being read on their way. Of every edge. */
import * as z from 'zod'
import { headerName } from './header-name.ts'

export const https = {
  REQUIRE_HTTPS: z
    .enum(['0', '1'])
    .default('0')
    .describe(
      '`1`: plain HTTP is sent on to https (GET, HEAD) or refused, but on loopback and `/health`. So it is with a `PUBLIC_URL` of https.',
    ),
  SCHEME_HEADER: headerName.describe(
    "Header in which the operator's own proxy, where TLS ends before this edge, writes `http` or `https`: `CloudFront-Forwarded-Proto`, `X-Forwarded-Proto`. Without it the scheme is the connection's.",
  ),
}
