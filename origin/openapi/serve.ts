import { strongTag } from '../../shared/entity-tag.ts'
import { conditionOf } from '../../shared/preconditions.ts'
import type { Caller } from '../../shared/server-info.ts'
import type { AnyTool } from '../tools/define-tool.ts'
import { openApiDocument } from './document.ts'

/** It changes with a deploy alone. */
const CACHE_CONTROL = 'private, max-age=300'

/** `GET /openapi.json` with a strong ETag; 304 where the client has it. Documents are made once for each set of scopes. */
export function openApi(tools: readonly AnyTool[]): (request: Request, caller: Caller) => Promise<Response> {
  const made = new Map<string, ReturnType<typeof openApiDocument>>()

  function documentFor(caller: Caller): ReturnType<typeof openApiDocument> {
    const scopes = caller.scopes.toSorted().join(' ')
    const document = made.get(scopes) ?? openApiDocument(tools, caller)
    made.set(scopes, document)
    return document
  }

  return async function serve(request, caller) {
    const { openapi, info, ...rest } = documentFor(caller)
    const servers = [{ url: caller.base ?? new URL(request.url).origin }]
    const body = JSON.stringify({ openapi, info, servers, ...rest })
    const etag = await strongTag(body)
    const headers = { 'content-type': 'application/json', 'cache-control': CACHE_CONTROL, etag }
    if (conditionOf(request.headers, { etag, modified: 0 }) === 'not modified')
      return new Response(null, { status: 304, headers })
    return new Response(body, { headers })
  }
}
