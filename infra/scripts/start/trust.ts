/** How programs of this clone come to trust the certificate that `npm start -- --https` serves with. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { stateFolder, writePrivate } from '../local-state.ts'
import { localCertificate, type Tls } from './certificate.ts'
import type { Env } from './settings.ts'

/** `env` for a child that trusts the certificate too, beside whatever its user trusts already. */
export function trusting(env: Record<string, string>, root: string, tls: Tls | null): Record<string, string> {
  if (!tls) return env
  const path = join(stateFolder(root), 'run', 'trusted.pem')
  const { NODE_EXTRA_CA_CERTS: extra } = env as Env
  const others = extra !== undefined && existsSync(extra) ? `${readFileSync(extra, 'utf8')}\n` : ''
  writePrivate(path, `${others}${readFileSync(tls.certPath, 'utf8')}`)
  return { ...env, NODE_EXTRA_CA_CERTS: path }
}

/** From now on this process trusts the certificate of this clone, if there is one. */
export function trustLocalCertificate(root: string): void {
  const path = localCertificate(root)
  if (existsSync(path)) setDefaultCACertificates([...getCACertificates('default'), readFileSync(path, 'utf8')])
}
