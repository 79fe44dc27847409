import type { MiddlewareHandler } from 'hono'
import { fault } from '../../shared/fault.ts'
import { hasScope } from '../../shared/scope.ts'
import type { Scope } from '../../shared/server-info.ts'
import { askedBy, type ManifestTool, type ToolManifest } from '../domain/tools.ts'
import type { EdgeEnv } from '../env.ts'

export interface AuthorizeOptions {
  readonly manifest: ToolManifest
}

/**
 * The scope of every tool that the body calls; `read` for whatever else it asks. The origin checks again; a tool that
 * the manifest does not know is left to it.
 *
 * @throws Fault FORBIDDEN that names tool and scope.
 */
export function authorize({ manifest }: AuthorizeOptions): MiddlewareHandler<EdgeEnv> {
  return async function authorize(c, next) {
    const asked = askedBy(c.req.path, c.get('json'), manifest)
    const refused = asked.find(({ tool }) => !hasScope(c.get('caller'), tool?.scope ?? 'read'))
    if (refused) {
      const needed = new Set<Scope>(['read', ...asked.map(({ tool }) => tool?.scope ?? 'read')])
      c.set('lacking', [...needed])
      throw lacking(refused.tool, c.get('challenge') !== undefined)
    }
    c.set('asked', asked)
    await next()
  }
}

function lacking(tool: ManifestTool | null, canAskForMore: boolean) {
  const [what, scope] = tool ? [tool.name, tool.scope] : ['This server', 'read']
  const hint = 'Sign in again and ask for the scopes of the WWW-Authenticate header.'
  return canAskForMore
    ? fault('FORBIDDEN', `${what} needs the scope "${scope}", which this token does not have.`, { hint })
    : fault('FORBIDDEN', `${what} needs the scope "${scope}", which this key does not have.`)
}
