/**
 * The least that serves MCP with this SDK on this HTTP stack: schemas made once, both eras, JSON, nothing else.
 * It shows the tools that it is told of (`MINIMAL_TOOLS`, as `tools/list` has them) and answers them all alike.
 */
import { readFileSync } from 'node:fs'
import { serve } from '@hono/node-server'
import {
  createMcpHandler,
  fromJsonSchema,
  isLegacyRequest,
  type JsonSchemaType,
  McpServer,
  type ToolAnnotations,
  WebStandardStreamableHTTPServerTransport,
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
const build = (): McpServer => {
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
}
const modern = createMcpHandler(build, { legacy: 'reject' })
// The SDK's own way to serve the older revisions always opens a stream, which costs more than the JSON that we send.
async function legacy(request: Request, parsedBody: unknown): Promise<Response> {
  const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true })
  await build().connect(transport)
  return transport.handleRequest(request, { parsedBody })
}
const app = new Hono()
app.get('/health', (c) => c.json({ status: 'healthy' }))
app.post('/mcp', async (c) => {
  const parsedBody: unknown = await c.req.json()
  if (await isLegacyRequest(c.req.raw, parsedBody)) return legacy(c.req.raw, parsedBody)
  return modern.fetch(c.req.raw, { parsedBody })
})
serve({ fetch: app.fetch, port: Number(process.env['PORT']), hostname: '127.0.0.1' })
