/** Who asks, in the way that the configuration says (PRODUCT.md section 5, "Who"). */
import type { Context, MiddlewareHandler } from 'hono'
import type { Identity } from '../../shared/identity.ts'
import type { Caller } from '../../shared/server-info.ts'
import { JWT_SHAPE } from '../../shared/settings/identity.ts'
import type { EdgeEnv } from '../env.ts'
import { isKeyDoor } from '../key-door.ts'
import { type AccessOptions, identifyByAccess } from './authenticate-access.ts'
import { identifyKey, type KeyOptions, sentBearer } from './authenticate-key.ts'
import { identifyAnybody, type OpenOptions } from './authenticate-open.ts'
import { identifyToken, type TokenOptions } from './authenticate-token.ts'

export interface Identified {
  readonly caller: Caller
  /** Requests a minute, where the caller has a limit of its own. */
  readonly ownLimit: number | null
}

/** Finds out who asks. @throws Fault where it is nobody who may. */
export type Identify = (c: Context<EdgeEnv>) => Promise<Identified>

export interface AuthenticateOptions
  extends OpenOptions,
    Omit<KeyOptions, 'singleKey'>,
    Omit<TokenOptions, 'oauth'>,
    Omit<AccessOptions, 'access'>,
    Identity {}

export function authentication(options: AuthenticateOptions): MiddlewareHandler<EdgeEnv> {
  const identify = identifier(options)
  return async function authentication(c, next) {
    const { caller, ownLimit } = await identify(c)
    c.set('caller', caller)
    c.set('ownLimit', ownLimit)
    await next()
  }
}

function identifier(options: AuthenticateOptions): Identify {
  const { mode, oauth, access } = options
  if (mode === 'open') return identifyAnybody(options)
  if (mode === 'key') return identifyKey(options)
  if (mode === 'access') return identifyByAccess({ ...options, access: needed(access) })
  const byToken = identifyToken({ ...options, oauth: needed(oauth) })
  return mode === 'oauth' ? byToken : eachByItsDoor(byToken, identifyKey(options))
}

/**
 * Keys and tokens together. The endpoint has a path for each, because clients that discover OAuth ignore the key they
 * were configured with (reference mcp.md 4.5); elsewhere the credential says what it is.
 */
const eachByItsDoor =
  (byToken: Identify, byKey: Identify): Identify =>
  (c) => {
    if (c.req.path === '/mcp') return isKeyDoor(c.req.raw) ? byKey(c) : byToken(c)
    const bearer = sentBearer(c)
    const isKey = Boolean(c.req.header('x-api-key')) || (bearer !== undefined && !JWT_SHAPE.test(bearer))
    return isKey ? byKey(c) : byToken(c)
  }

/** `identityOf` gives each mode its settings. */
function needed<T>(settings: T | null): T {
  if (settings === null) throw new TypeError('the settings of this mode are missing')
  return settings
}
