/** Key pairs and the administrator's key: made here, kept nowhere, with where each half goes. */
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { newKey } from '../../../shared/keys.ts'
import { DEFAULT_TENANT } from '../../../shared/server-info.ts'
import type { Said } from './say.ts'

interface Pair {
  /** Who signs, and in which variable the private JWK goes. */
  readonly signer: string
  readonly secretName: string
  readonly verifier: string
  readonly publicName: string
  readonly rotation: string
}

const PAIRS = {
  caller: {
    signer: 'the edge',
    secretName: 'CALLER_SIGNING_KEY',
    verifier: 'the origin',
    publicName: 'ORIGIN_PUBLIC_KEYS',
    rotation: 'a minute later, when no token of the old key is under way',
  },
  links: {
    signer: 'the origin',
    secretName: 'LINK_SIGNING_KEY',
    verifier: 'the edge and the origin',
    publicName: 'LINK_PUBLIC_KEYS',
    rotation: 'seven days later, when the last link of the old key has ended (at once to end them all)',
  },
} as const satisfies Record<string, Pair>

export async function makeSigning(what: 'caller' | 'links' | 'admin'): Promise<Said> {
  return what === 'admin' ? adminKey() : signingPair(PAIRS[what])
}

function signingPair({ signer, secretName, verifier, publicName, rotation }: Pair): Said {
  const { kty, crv, x, d } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
  const named = { kty, crv, x, kid: randomBytes(6).toString('hex') }
  const [secret, open] = [JSON.stringify({ ...named, d }), JSON.stringify([named])]
  return {
    json: { [secretName]: secret, [publicName]: open },
    text: `A secret, for ${signer} (${deploying(secretName)}); it is kept nowhere else:
${secretName}='${secret}'

No secret, for ${verifier}:
${publicName}='${open}'

To change keys without a pause: put both public keys into ${publicName}, the new one second, and deploy ${verifier};
then give ${signer} the new ${secretName}; take the old public key out ${rotation}.`,
  }
}

const deploying = (name: string): string =>
  name === 'CALLER_SIGNING_KEY' ? 'npx wrangler secret put CALLER_SIGNING_KEY on Cloudflare' : 'a secret of its task'

async function adminKey(): Promise<Said> {
  const grant = { tenant: DEFAULT_TENANT, scopes: ['read', 'lake', 'admin'] } as const
  const { id, text, record } = await newKey((count) => randomBytes(count), grant)
  const line = `${id}:${record.hash}`
  return {
    json: { key: text, ORIGIN_ADMIN_KEYS: line },
    text: `A secret, for the administrator, who sends it as "X-API-Key" to the origin itself; it is kept nowhere else:
${text}

No secret, for the origin; several are comma-separated, and one that is taken out opens nothing any more:
ORIGIN_ADMIN_KEYS='${line}'`,
  }
}
