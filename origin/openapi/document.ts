/**
 * `/openapi.json`: the plain HTTP interface as OpenAPI 3.1.1, made of the tools' own schemas. Each tool is an operation
 * of its own, `POST /tools/<name>` with the arguments as its body: what Postman, GPT actions or Dify import is then one
 * function with named parameters for each tool. MCP itself is no REST interface and is not described here.
 */
import { openApiSecurity } from '../../shared/openapi-security.ts'
import { type Caller, SERVER_INFO } from '../../shared/server-info.ts'
import { SEARCH_NAME } from '../plain-call.ts'
import { toolsFor } from '../tool-list.ts'
import type { AnyTool } from '../tools/define-tool.ts'
import {
  executeOperation,
  fileOperation,
  healthOperation,
  listOperation,
  searchOperation,
  toolOperation,
  welcomeOperation,
} from './operations.ts'
import { RESPONSES, SCHEMAS } from './parts.ts'

const TAGS = [
  { name: 'read', description: 'Search, describe, fetch: the scope "read".' },
  { name: 'lake', description: 'Keep and query: the scope "lake".' },
  { name: 'admin', description: 'The scope "admin".' },
  { name: 'open', description: 'Asks for no key.' },
]

/** For a caller: the operations it may use. Without `servers`, which only the request knows. */
export function openApiDocument(all: readonly AnyTool[], caller: Caller) {
  const tools = toolsFor(all, caller)
  const search = tools.find(({ name }) => name === SEARCH_NAME)
  const { security, securitySchemes } = openApiSecurity('key')
  return {
    openapi: '3.1.1',
    info: {
      title: SERVER_INFO.title,
      version: SERVER_INFO.version,
      summary:
        "Japan's official statistics (e-Stat): find tables, fetch figures that can be cited, keep and query them.",
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    security,
    tags: TAGS,
    paths: {
      ...(search ? { '/search': { get: searchOperation(search) } } : {}),
      ...Object.fromEntries(tools.map((tool) => [`/tools/${tool.name}`, { post: toolOperation(tool, caller) }])),
      '/tools': { get: listOperation },
      '/execute': { post: executeOperation(tools) },
      '/files/{key}': { get: fileOperation },
      '/health': { get: healthOperation },
      '/': { get: welcomeOperation },
    },
    components: { schemas: SCHEMAS, responses: RESPONSES, securitySchemes },
  }
}
