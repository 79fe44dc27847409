import type { EdgeConfig } from '../../shared/config.ts'
import type { HttpsOptions } from '../middleware/https.ts'

export interface SchemeSource {
  /** Whether a request came by TLS as far as the platform itself; by its URL where absent. */
  readonly cameByTls: (request: Request) => boolean
}

/** What the settings say of https, on every platform. */
export function httpsOf(config: EdgeConfig, { cameByTls = byUrl }: Partial<SchemeSource>): HttpsOptions {
  const { SCHEME_HEADER: header, PUBLIC_URL: publicUrl } = config
  return {
    requireHttps: config.REQUIRE_HTTPS === '1' || publicUrl?.startsWith('https:') === true,
    publicUrl: publicUrl ?? null,
    isSecure: (request) => (header === undefined ? cameByTls(request) : schemeIn(request, header) === 'https'),
  }
}

const byUrl = ({ url }: Request): boolean => url.startsWith('https:')

/** Proxies append: the last entry is the nearest one's. */
const schemeIn = ({ headers }: Request, header: string): string | undefined =>
  headers.get(header)?.split(',').at(-1)?.trim().toLowerCase()
