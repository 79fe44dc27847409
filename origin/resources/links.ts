/**
 * Links to what an answer made: a kept file, a table of the lake, which a client may read as a resource (MCP 2025-06-18,
 * tools, "Resource Links"). Of answers that no cache keeps alone: a kept one is the same for everybody.
 */
import type { ResourceLink } from '@modelcontextprotocol/server'
import { keptFile, pathOfFile } from '../../shared/kept-file.ts'
import type { Made } from '../tools/define-tool.ts'

/** The first revision that knows them; a client of an older one would refuse the whole answer. */
const SINCE = '2025-06-18'

/** Whether the sender of a request takes links: from that revision on every request names its revision in a header. */
export const takesLinks = (headers: Headers): boolean => (headers.get('mcp-protocol-version') ?? '') >= SINCE

export const linksTo = ({ path, table }: Made): ResourceLink[] => [...fileLinks(path), ...tableLinks(table)]

/** @param path `s3://<bucket>/<key>`. */
function fileLinks(path: string | null | undefined): ResourceLink[] {
  const file = path ? keptFile(path.replace(/^s3:\/\/[^/]+\//, '')) : null
  if (file === null) return []
  return [{ type: 'resource_link', uri: fileUri(file.key), name: file.name, mimeType: file.contentType }]
}

const tableLinks = (table: string | null | undefined): ResourceLink[] =>
  table ? [{ type: 'resource_link', uri: `estat://lake/${table}`, name: table, mimeType: 'application/json' }] : []

export const fileUri = (key: string): string => pathOfFile(key).replace(/^\/files\//, 'estat://file/')
