/** The JSON Schemas of a tool (dialect 2020-12), made once: making them costs many times what a call does. */
import * as z from 'zod'
import type { AnyTool } from './tools/define-tool.ts'

export type JsonSchema = Readonly<Record<string, unknown>>

const schemaOf = (io: 'input' | 'output'): ((tool: AnyTool) => JsonSchema) => {
  const made = new WeakMap<AnyTool, JsonSchema>()
  return (tool) => {
    const known = made.get(tool)
    if (known) return known
    const { $schema: _dialect, ...schema } = z.toJSONSchema(tool[io], { io, target: 'draft-2020-12' })
    made.set(tool, schema)
    return schema
  }
}

export const inputSchemaOf = schemaOf('input')
export const outputSchemaOf = schemaOf('output')
