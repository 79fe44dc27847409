/** How programs of this clone come to trust the certificate that `npm start -- --https` serves with. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import tls from 'node:tls'
import { stateFolder, writePrivate } from '../local-state.ts'
import { localCertificate, type Tls } from './certificate.ts'
import type { Env } from './settings.ts'

/** `env` for a child that trusts the certificate too, beside whatever its user trusts already. */
export function trusting(env: Record<string, string>, root: string, served: Tls | null): Record<string, string> {
  if (!served) return env
  const path = join(stateFolder(root), 'run', 'trusted.pem')
  const { NODE_EXTRA_CA_CERTS: extra } = env as Env
  const others = extra !== undefined && existsSync(extra) ? `${readFileSync(extra, 'utf8')}\n` : ''
  writePrivate(path, `${others}${readFileSync(served.certPath, 'utf8')}`)
  return { ...env, NODE_EXTRA_CA_CERTS: path }
}

/**
 * From now on this process trusts the certificate of this clone, if there is one. Before Node 22.19 and 24.5 it has to
 * be told by NODE_EXTRA_CA_CERTS instead.
 */
export function trustLocalCertificate(root: string): void {
  const path = localCertificate(root)
  const able: Partial<Pick<typeof tls, 'getCACertificates' | 'setDefaultCACertificates'>> = tls
  const trusted = able.getCACertificates?.('default') ?? []
  if (existsSync(path)) able.setDefaultCACertificates?.([...trusted, readFileSync(path, 'utf8')])
}
