/** The certificate that `npm start -- --https` serves with: the user's own, or one of this clone for this machine. */
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { generate } from 'selfsigned'
import { stateFolder, writePrivate } from '../local-state.ts'
import { StartError } from './start-error.ts'

export interface Tls {
  readonly certPath: string
  readonly keyPath: string
  /** The name of this machine that the certificate is for; null where it is for none: then only its own name will do. */
  readonly localName: '127.0.0.1' | 'localhost' | null
  /** Made here: nobody trusts it who was not told to. */
  readonly selfMade: boolean
}

/** What the user chose; the certificate of this clone where both are absent. */
export interface TlsChoice {
  readonly cert?: string | undefined
  readonly key?: string | undefined
}

/** The names of this machine, as browsers and clients take them (RFC 6761 section 6.3). */
const NAMES = {
  name: 'subjectAltName',
  altNames: [
    { type: 2, value: 'localhost' },
    { type: 7, ip: '127.0.0.1' },
    { type: 7, ip: '::1' },
  ],
} as const
/** Browsers take no more than 398 days (CA/Browser Forum, Baseline Requirements 6.3.2). */
const DAYS = 365
const RENEW_DAYS = 30
const DAY_MS = 86_400_000

export const localCertificate = (root: string): string => join(stateFolder(root), 'tls', 'localhost.pem')

/** @throws StartError where the user's own cannot be used. */
export async function openTls(root: string, { cert, key }: TlsChoice, now: number): Promise<Tls> {
  if (cert === undefined && key === undefined) return ofThisClone(root, now)
  if (cert === undefined || key === undefined)
    throw new StartError('A certificate of your own needs both: --cert FILE and --key FILE.')
  const paths = { certPath: resolve(root, cert), keyPath: resolve(root, key) }
  const certificate = readPair(paths)
  if (!certificate)
    throw new StartError(
      'The certificate of --cert and the private key of --key cannot be read as PEM, or do not belong together.',
    )
  if (endOf(certificate) < now) throw new StartError(`The certificate of --cert has ended (${certificate.validTo}).`)
  return { ...paths, localName: localNameOf(certificate), selfMade: false }
}

/** Made once, and again 30 days before its end. It can sign nothing: whoever trusts it trusts this server alone. */
async function ofThisClone(root: string, now: number): Promise<Tls> {
  const paths = { certPath: localCertificate(root), keyPath: join(stateFolder(root), 'tls', 'localhost-key.pem') }
  const known = readPair(paths)
  if (!known || endOf(known) - now < RENEW_DAYS * DAY_MS || localNameOf(known) === null) {
    const made = await generate([{ name: 'commonName', value: 'localhost' }], {
      keyType: 'ec',
      curve: 'P-256',
      algorithm: 'sha256',
      notBeforeDate: new Date(now - DAY_MS),
      notAfterDate: new Date(now + (DAYS - 1) * DAY_MS),
      extensions: [
        { name: 'basicConstraints', cA: false, critical: true },
        { name: 'keyUsage', digitalSignature: true, critical: true },
        { name: 'extKeyUsage', serverAuth: true },
        { ...NAMES, altNames: [...NAMES.altNames] },
      ],
    })
    mkdirSync(join(stateFolder(root), 'tls'), { recursive: true, mode: 0o700 })
    writePrivate(paths.keyPath, made.private)
    writePrivate(paths.certPath, made.cert)
  }
  return { ...paths, localName: '127.0.0.1', selfMade: true }
}

/** The certificate, or null where there is none, or not with this key. */
function readPair({ certPath, keyPath }: Pick<Tls, 'certPath' | 'keyPath'>): X509Certificate | null {
  try {
    const certificate = new X509Certificate(readFileSync(certPath))
    return certificate.checkPrivateKey(createPrivateKey(readFileSync(keyPath))) ? certificate : null
  } catch {
    return null
  }
}

const endOf = (certificate: X509Certificate): number => Date.parse(certificate.validTo)

const localNameOf = (certificate: X509Certificate): Tls['localName'] => {
  if (certificate.checkIP('127.0.0.1')) return '127.0.0.1'
  return certificate.checkHost('localhost') ? 'localhost' : null
}
