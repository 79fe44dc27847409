/** The resources of one request's server. Templates are parsed once, at start; nothing is read before it is asked for. */
import { type McpServer, ResourceTemplate } from '@modelcontextprotocol/server'
import { hasScope } from '../../shared/scope.ts'
import type { Caller } from '../../shared/server-info.ts'
import { type CallDeps, callTool } from '../call-tool.ts'
import { type ProtocolBorder, withProtocolErrors } from '../protocol-error.ts'
import { datasetResource } from './dataset.ts'
import type { ListedResource, ReadContext, ResourceKind } from './define-resource.ts'
import { fileResource } from './file.ts'
import { guideResource } from './guide.ts'
import { lakeResource } from './lake.ts'

/** In the order that clients list them. */
const KINDS: readonly ResourceKind[] = [guideResource, datasetResource, lakeResource, fileResource]

export interface ResourceOptions extends CallDeps {
  readonly report: ProtocolBorder['report']
}

interface Sender {
  readonly caller: Caller
  readonly appId: string | null
}

/** Only what the caller's scope allows. */
export function registerResources(server: McpServer, options: ResourceOptions, sender: Sender): void {
  for (const kind of KINDS) if (hasScope(sender.caller, kind.scope)) register(server, kind, options, sender)
}

function register(server: McpServer, kind: ResourceKind, options: ResourceOptions, { caller, appId }: Sender): void {
  const border = { report: options.report, appId, millis: options.limits.millis }
  const context = { caller, ports: options.ports }
  const template = kind.template.toString()
  const reading = (signal: AbortSignal): ReadContext => ({
    ...context,
    call: async (name, args) => (await callTool(options, { name, args, caller, appId, signal })).result,
  })
  const complete = (typed: string): Promise<string[]> => {
    const asked = { where: `completion/complete ${template}`, about: {} }
    return withProtocolErrors(border, asked, async () => (await kind.complete(typed, context)).slice())
  }
  const list = (): Promise<{ resources: Listing[] }> => {
    const asked = { where: `resources/list ${template}`, about: {} }
    return withProtocolErrors(border, asked, async () => ({
      resources: ((await kind.list?.(context)) ?? []).map(listingOf),
    }))
  }
  const { title, description, mimeType } = kind
  // What a caller's own application ID was answered with is nobody else's to keep.
  const cacheHint = appId === null ? kind.keep : { ...kind.keep, cacheScope: 'private' as const }
  server.registerResource(
    kind.name,
    new ResourceTemplate(kind.template, {
      list: kind.list === undefined ? undefined : list,
      complete: { [kind.variable]: complete },
    }),
    { title, description, mimeType, cacheHint },
    (uri, _variables, { mcpReq }) => {
      const asked = { where: `resources/read ${template}`, about: { uri: uri.href } }
      return withProtocolErrors(border, asked, async () => ({
        contents: (await kind.read(uri, reading(mcpReq.signal))).map((part) => ({ uri: uri.href, ...part })),
      }))
    },
  )
}

/** The SDK gives a listed resource its template's title and description where it has none of its own: a line for each would say the same. */
type Listing = Omit<ListedResource, 'title'> & { title: string | undefined; description: undefined }

const listingOf = (listed: ListedResource): Listing => ({ ...listed, title: listed.title, description: undefined })
