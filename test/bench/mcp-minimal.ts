/**
 * The least that serves MCP with this SDK on this HTTP stack: schemas made once, a handler for both eras, nothing else.
 * It shows the tools that it is told of (`MINIMAL_TOOLS`, as `tools/list` has them) and answers them all alike.
 */
import { readFileSync } from 'node:fs'
import { serve } from '@hono/node-server'
import {
  createMcpHandler,
  fromJsonSchema,
  type JsonSchemaType,
  McpServer,
  type ToolAnnotations,
} from '@modelcontextprotocol/server'
import { Hono } from 'hono'

interface Shown {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly annotations: ToolAnnotations
  readonly inputSchema: JsonSchemaType
  readonly outputSchema?: JsonSchemaType
}

const shown = JSON.parse(readFileSync(process.env['MINIMAL_TOOLS'] ?? '', 'utf8')) as readonly Shown[]
const tools = shown.map(({ inputSchema, outputSchema, ...tool }) => ({
  ...tool,
  inputSchema: fromJsonSchema(inputSchema),
  ...(outputSchema ? { outputSchema: fromJsonSchema(outputSchema) } : {}),
}))
const handler = createMcpHandler(() => {
  const server = new McpServer({ name: 'minimal', version: '1.0.0', title: 'Minimal' })
  for (const { name, ...face } of tools)
    server.registerTool(name, face, async (args) => {
      const { dataset_id } = args as { dataset_id: string }
      const table_url = `https://www.e-stat.go.jp/dbview?sid=${dataset_id}`
      return {
        content: [{ type: 'text', text: `${dataset_id}: ${table_url}` }],
        structuredContent: { success: true, dataset_id, table_url },
      }
    })
  return server
})
const app = new Hono()
app.get('/health', (c) => c.json({ status: 'healthy' }))
app.all('/mcp', (c) => handler.fetch(c.req.raw))
serve({ fetch: app.fetch, port: Number(process.env['PORT']), hostname: '127.0.0.1' })
