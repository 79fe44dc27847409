import { hasScope } from '../shared/scope.ts'
import type { Caller } from '../shared/server-info.ts'
import { isIn, type Toolset } from '../shared/toolsets.ts'
import { inputSchemaOf } from './tool-schemas.ts'
import type { AnyTool } from './tools/define-tool.ts'

/** Of the tools, those that this caller may use. */
export const toolsFor = (tools: readonly AnyTool[], caller: Caller): readonly AnyTool[] =>
  tools.filter(({ scope }) => hasScope(caller, scope))

/** What `GET /tools` shows: the same faces as MCP's `tools/list`, for the tools this caller may use. */
export const toolList = (tools: readonly AnyTool[], caller: Caller, toolsets: readonly Toolset[] | null = null) =>
  toolsFor(tools, caller)
    .filter((tool) => isIn(toolsets, tool.toolsets))
    .map((tool) => {
      const { name, title, description, scope } = tool
      return { name, title, description, scope, parameters: inputSchemaOf(tool) }
    })
