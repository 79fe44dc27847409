/** One call by plain HTTP: `POST /execute`, `GET /search`. */
import type { Context } from 'hono'
import { KNOWN_HEADER, VALIDATOR_HEADER } from '../shared/cacheable/index.ts'
import { searchEstatData } from '../shared/cacheable/search-estat-data.ts'
import { faultReply, faultStatus } from '../shared/fault.ts'
import { readSearchQuery } from '../shared/search-query.ts'
import type { Caller } from '../shared/server-info.ts'
import { APP_ID_HEADER } from './app-id.ts'
import { type CallDeps, callTool } from './call-tool.ts'
import type { Lang } from './estat/words.ts'
import { isOurs } from './is-ours.ts'
import { langOf } from './lang-of.ts'
import { renderFault } from './render-fault.ts'
import { stillHolds } from './still-holds.ts'

export interface PlainCallOptions extends CallDeps {
  /** Called with every failure that is ours. */
  readonly report: (error: unknown, where: string) => void
}

/**
 * `{success: true, result, text}`; or `{success: false, error, text}` with the fault's status. What no cache may keep
 * says `no-store`; what has a validator carries it, and is 304 to whoever has it (`shared/cacheable/index.ts`).
 */
export async function plainCall(
  c: Context,
  options: PlainCallOptions,
  caller: Caller,
  { name, args }: { readonly name: string; readonly args: unknown },
): Promise<Response> {
  const call = { name, args, caller, appId: appIdOf(c), signal: c.req.raw.signal, wantsValidator: true }
  try {
    const known = c.req.header(KNOWN_HEADER)
    const held = known === undefined ? null : await stillHolds(options, call, known)
    if (held !== null) return c.body(null, 304, { [VALIDATOR_HEADER]: held })
    const { result, text, storable, validator } = await callTool(options, call)
    // The edge keeps answers by its own table of tools, but for those that say otherwise (RFC 9111, 5.2.2.5).
    if (!storable) c.header('cache-control', 'no-store')
    else if (c.req.method === 'GET') c.header('cache-control', 'private, no-cache')
    if (validator !== null) c.header(VALIDATOR_HEADER, validator)
    return c.json({ success: true, result, text })
  } catch (error) {
    if (isOurs(error, appIdOf(c))) options.report(error, name)
    return faultResponse(c, error, name, langOf(args))
  }
}

export const SEARCH_NAME = searchEstatData.name

/** The tool `search_estat_data` with the arguments in the query. */
export function plainSearch(c: Context, options: PlainCallOptions, caller: Caller): Promise<Response> {
  const { searchParams } = new URL(c.req.url)
  const name = SEARCH_NAME
  try {
    return plainCall(c, options, caller, { name, args: readSearchQuery(searchParams) })
  } catch (error) {
    return Promise.resolve(faultResponse(c, error, name, langOf({ lang: searchParams.get('lang') })))
  }
}

export const appIdOf = (c: Context): string | null => c.req.header(APP_ID_HEADER) ?? null

export function faultResponse(c: Context, error: unknown, tool: string | null, lang: Lang = 'J'): Response {
  const reply = faultReply(error, tool)
  const seconds = reply.error.retry_after_seconds
  if (seconds !== undefined) c.header('retry-after', String(seconds))
  return c.json({ ...reply, text: renderFault(reply, lang) }, faultStatus(error) as 400)
}
