/** Where an issuer publishes its keys. */
import * as z from 'zod'
import { isLoopback } from '../shared/loopback.ts'
import { fetchSmallJson, type SmallJsonOptions } from './small-json.ts'

const Metadata = z.object({ issuer: z.string(), jwks_uri: z.string() })

/**
 * By RFC 8414 section 3 (before the issuer's path), then as OpenID Connect Discovery 1.0 section 4 has it (after it),
 * which is all that Cognito and Entra ID publish.
 *
 * Rejects where neither is there, or is of another issuer (RFC 8414 section 3.3).
 */
export async function discoverJwksUri(issuer: string, bounds: SmallJsonOptions): Promise<string> {
  const { origin, pathname } = new URL(issuer)
  const path = pathname.replace(/\/$/, '')
  const places = [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}${path}/.well-known/openid-configuration`,
  ]
  let problem: unknown = new Error('the issuer publishes no metadata')
  for (const place of places)
    try {
      // What answers for the first place, where it is none, may be a page or an error of any kind.
      const document = await fetchSmallJson(place, bounds)
      return jwksUriIn(document, issuer)
    } catch (error) {
      problem = error
    }
  throw problem
}

function jwksUriIn(document: unknown, issuer: string): string {
  const metadata = Metadata.parse(document)
  if (metadata.issuer !== issuer) throw new Error('the metadata is of another issuer')
  const url = new URL(metadata.jwks_uri)
  if (url.protocol !== 'https:' && !isLoopback(url.hostname)) throw new Error('the keys are not published by https')
  return url.href
}
