/**
 * What belongs to this clone alone: keys that `npm start` makes once, in `.estat/local.json` (git-ignored, mode 0600).
 * They open nothing but the servers on this machine.
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'
import { KeyRecord, newKey } from '../../shared/keys.ts'
import { DEFAULT_TENANT, SCOPES } from '../../shared/server-info.ts'
import { StartError, sayFileFailure, systemCode } from './start/start-error.ts'

export const projectRoot = fileURLToPath(new URL('../..', import.meta.url))

const Jwk = z.looseObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string(), kid: z.string() })

const KeyPair = z.object({ private: Jwk.extend({ d: z.string() }), public: Jwk })

const LocalState = z.object({
  /** Where the edge answered last, without a path. */
  url: z.string(),
  /** The API key that `npm start` prints: `id.secret`, all scopes, and what the edge keeps of it. */
  key: z.object({ id: z.string(), text: z.string(), record: KeyRecord }),
  /** Signs and verifies the caller token between edge and origin (Ed25519, RFC 8037). */
  signing: KeyPair,
  /** Signs and verifies links to kept files: the origin has the private half, the edge the public one. */
  links: KeyPair,
  /** The administrator's key of the origin: `id.secret`, and the SHA-256 of the secret in hex. */
  admin: z.object({ id: z.string(), text: z.string(), hash: z.string() }),
})
export type LocalState = z.infer<typeof LocalState>
/** As a clone may have written it that is older than links. */
const Written = LocalState.partial({ links: true })

export const stateFolder = (root: string): string => join(root, '.estat')
const stateFile = (root: string): string => join(stateFolder(root), 'local.json')

/** Where the edge of this clone listens (no trailing slash) and the key that opens it; null before the first `npm start`. */
export function readLocalState(root: string = projectRoot): { url: string; key: string } | null {
  const state = read(root)
  return state && { url: state.url, key: state.key.text }
}

/**
 * The keys of this clone, made on the first call, with `url` as the edge's address from now on.
 *
 * @throws StartError where the folder cannot be written or the file is not ours.
 */
export async function openLocalState(root: string, url: string): Promise<LocalState> {
  const state = { ...(await made(root)), url }
  try {
    mkdirSync(stateFolder(root), { recursive: true, mode: 0o700 })
    writePrivate(stateFile(root), `${JSON.stringify(state, null, 2)}\n`)
  } catch (error) {
    throw sayFileFailure(stateFolder(root), error)
  }
  return state
}

/** A file that only its owner reads; whole or absent, never half. */
export function writePrivate(path: string, text: string): void {
  const draft = `${path}.${process.pid}.tmp`
  writeFileSync(draft, text, { mode: 0o600 })
  chmodSync(draft, 0o600)
  renameSync(draft, path)
}

async function made(root: string): Promise<Omit<LocalState, 'url'>> {
  const state = read(root)
  if (state === null) return create()
  return { ...state, links: state.links ?? signingKeys() }
}

function read(root: string): z.infer<typeof Written> | null {
  try {
    return Written.parse(JSON.parse(readFileSync(stateFile(root), 'utf8')))
  } catch (error) {
    const code = systemCode(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw new StartError(`The keys in ${stateFile(root)} cannot be read. Delete the file: new ones are made.`)
  }
}

async function create(): Promise<Omit<LocalState, 'url'>> {
  const grant = { tenant: DEFAULT_TENANT, scopes: [...SCOPES], label: 'npm start' }
  const random = (count: number): Uint8Array => randomBytes(count)
  const { id, text, record } = await newKey(random, grant)
  const admin = await newKey(random, { ...grant, label: 'administrator' })
  return {
    key: { id, text, record },
    signing: signingKeys(),
    links: signingKeys(),
    admin: { id: admin.id, text: admin.text, hash: admin.record.hash },
  }
}

function signingKeys(): LocalState['signing'] {
  const { privateKey } = generateKeyPairSync('ed25519')
  const { kty, crv, x, d } = privateKey.export({ format: 'jwk' })
  const named = { kty, crv, x, kid: randomBytes(6).toString('hex') }
  return { private: Jwk.extend({ d: z.string() }).parse({ ...named, d }), public: Jwk.parse(named) }
}
