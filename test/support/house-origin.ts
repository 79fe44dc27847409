/** The origin of a house asked without its edge, with tokens as the edge writes them or as a forger would. */
import type { JWK } from 'jose'
import { signCallerToken } from '../../shared/caller-token.ts'
import { CALLER_HEADER, type Caller } from '../../shared/server-info.ts'
import type { House } from './house.ts'

export interface Asked {
  readonly path: string
  /** GET where there is no body. */
  readonly method?: string
  readonly body?: unknown
  readonly caller: Caller
}

export interface SignedFor {
  readonly path?: string
  readonly method?: string
  readonly body?: unknown
  /** Milliseconds since the epoch. */
  readonly now?: number
  readonly key?: JWK
}

const bytesOf = (body: unknown): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(body === undefined ? '' : JSON.stringify(body))
const methodOf = ({ method, body }: Pick<Asked, 'method' | 'body'>): string =>
  method ?? (body === undefined ? 'GET' : 'POST')

/** The token that the edge would write for a request, changed as said. */
export function tokenFor(house: House, asked: Asked, signed: SignedFor = {}): Promise<string> {
  const { path, body } = { ...asked, ...signed }
  return signCallerToken({
    key: signed.key ?? house.signingKey,
    caller: asked.caller,
    request: { method: signed.method ?? methodOf(asked), path, body: bytesOf(body) },
    now: signed.now ?? Date.now(),
    jti: crypto.randomUUID(),
  })
}

/** @param token Of the edge where absent. */
export async function askOrigin(house: House, asked: Asked, token?: string): Promise<Response> {
  const { path, body } = asked
  const headers = {
    [CALLER_HEADER]: token ?? (await tokenFor(house, asked)),
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  }
  return house.origin.fetch(
    new Request(`http://origin.test${path}`, {
      method: methodOf(asked),
      headers,
      ...(body === undefined ? {} : { body: bytesOf(body) }),
    }),
  )
}
