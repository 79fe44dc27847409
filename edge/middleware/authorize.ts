import type { MiddlewareHandler } from 'hono'
import { fault } from '../../shared/fault.ts'
import { hasScope } from '../../shared/scope.ts'
import { askedBy, type ToolManifest } from '../domain/tools.ts'
import type { EdgeEnv } from '../env.ts'

export interface AuthorizeOptions {
  readonly manifest: ToolManifest
}

/**
 * The scope of every tool that the body calls. The origin checks again; a tool that the manifest does not know is
 * left to it.
 *
 * @throws Fault FORBIDDEN that names tool and scope.
 */
export function authorize({ manifest }: AuthorizeOptions): MiddlewareHandler<EdgeEnv> {
  return async function authorize(c, next) {
    const asked = askedBy(c.req.path, c.get('json'), manifest)
    const refused = asked.find(({ tool }) => tool && !hasScope(c.get('caller'), tool.scope))?.tool
    if (refused)
      throw fault('FORBIDDEN', `${refused.name} needs the scope "${refused.scope}", which this key does not have.`)
    c.set('asked', asked)
    await next()
  }
}
