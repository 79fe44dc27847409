/** The tools as the edge knows them: by the manifest that the registry generates (HOUSE.md, habit 3). */
import * as z from 'zod'
import { SCOPES } from '../../shared/server-info.ts'
import { TOOLSETS } from '../../shared/toolsets.ts'
import { messagesOf, toolOf } from './json-rpc.ts'

const seconds = z.int().min(0)

export const ToolManifest = z.object({
  tools: z.array(
    z.object({
      name: z.string(),
      version: z.int(),
      scope: z.enum(SCOPES),
      /** In all of them where absent. */
      toolsets: z.array(z.enum(TOOLSETS)).exactOptional(),
      weight: z.int().min(1),
      cache: z
        .object({
          ttl: seconds,
          swr: seconds,
          sie: seconds,
          /** Who shares an answer; public where absent. */
          partition: z.enum(['public', 'tenant']).exactOptional(),
        })
        .nullable(),
    }),
  ),
})
export type ToolManifest = z.infer<typeof ToolManifest>
export type ManifestTool = ToolManifest['tools'][number]

/** One message of a request, or the request itself. */
export interface Asked {
  /** Null where no tool is called, or one that the manifest does not know: the origin decides. */
  readonly tool: ManifestTool | null
  /** What it counts against the caller's limit. */
  readonly weight: number
}

/** What `GET /search` is the plain HTTP twin of. */
export const SEARCH_TOOL = 'search_estat_data'

/** What a request asks for. Every member of a batch counts; never empty. */
export function askedBy(path: string, body: unknown, { tools }: ToolManifest): readonly Asked[] {
  const names = namesOf(path, body)
  const asked = names.map((name) => {
    const tool = tools.find((known) => known.name === name) ?? null
    return { tool, weight: tool?.weight ?? 1 }
  })
  return asked.length > 0 ? asked : [{ tool: null, weight: 1 }]
}

function namesOf(path: string, body: unknown): readonly (string | null)[] {
  if (path === '/search') return [SEARCH_TOOL]
  const named = namedTool(path)
  if (named !== null) return [named]
  return path === '/execute' ? [executedTool(body)] : messagesOf(body).map(toolOf)
}

/** The tool that the path of `POST /tools/<name>` names, whose body is its arguments; null for every other path. */
export const namedTool = (path: string): string | null => /^\/tools\/([a-z0-9_]+)$/.exec(path)?.[1] ?? null

/** The tool that a body of `POST /execute` names. */
export function executedTool(body: unknown): string | null {
  const name = (body as { tool_name?: unknown } | null | undefined)?.tool_name
  return typeof name === 'string' ? name : null
}
