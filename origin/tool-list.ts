import * as z from 'zod'
import type { Caller } from '../shared/server-info.ts'
import { hasScope } from '../shared/scope.ts'
import type { AnyTool } from './tools/define-tool.ts'

/** What `GET /tools` shows: the same faces as MCP's `tools/list`, for the tools this caller may use. */
export function toolList(tools: readonly AnyTool[], caller: Caller) {
  return tools
    .filter(({ scope }) => hasScope(caller, scope))
    .map(({ name, title, description, input, scope }) => {
      return { name, title, description, scope, parameters: z.toJSONSchema(input, { io: 'input' }) }
    })
}
