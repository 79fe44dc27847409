import type { JWK } from 'jose'
import { LINK_PARAMETER, signFileLink } from '../../shared/file-link.ts'
import { pathOfFile } from '../../shared/kept-file.ts'
import type { FileLinks } from '../ports.ts'

export interface FileLinkOptions {
  /** Private Ed25519 JWK; null where none is configured. */
  readonly signingKey: JWK | null
  readonly publicUrl: string | null
  /** A fresh UUID. */
  readonly newId: () => string
}

export const NO_LINKS: FileLinkOptions = { signingKey: null, publicUrl: null, newId: () => '' }

export function fileLinks({ signingKey, publicUrl, newId }: FileLinkOptions): FileLinks {
  if (signingKey === null) return { publicUrl, sign: null }
  return {
    publicUrl,
    async sign(grant, now, seconds) {
      const token = await signFileLink({ ...grant, signingKey, now, seconds, jti: newId() })
      return `${pathOfFile(grant.key)}?${LINK_PARAMETER}=${token}`
    },
  }
}
