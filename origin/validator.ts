/** A tool's validator as an HTTP one (`shared/cacheable/index.ts`). */
import { CACHEABLE } from '../shared/cacheable/index.ts'
import { type Caller, SERVER_INFO } from '../shared/server-info.ts'
import type { Lang } from './estat/words.ts'
import type { Ports } from './ports.ts'
import type { AnyTool, CallContext } from './tools/define-tool.ts'

/** A call of a tool, its arguments read. */
export interface ReadCall {
  readonly tool: AnyTool
  readonly input: Readonly<Record<string, unknown>>
  readonly lang: Lang
  readonly caller: Caller
  readonly appId: string | null
}

/**
 * A weak entity tag (RFC 9110, 8.8.3); null for a call that keeps something, for one with an application ID of its
 * caller's own, and where the tool has none. It names the release and the tool's version too: another release may say
 * the same figures in other words.
 *
 * @throws Fault as the tool's validator does.
 */
export async function entityTag(
  { tool, input, lang, caller, appId }: ReadCall,
  ports: Ports,
  context: Pick<CallContext, 'signal' | 'now'>,
): Promise<string | null> {
  if (appId !== null || tool.validator === undefined) return null
  const cacheable = CACHEABLE[tool.name]
  if (cacheable === undefined || cacheable.keeps?.(cacheable.normalise(input), caller.scopes) === true) return null
  const text = await tool.validator(input, ports, context)
  if (text === null) return null
  const { name, version } = tool
  return `W/"${[SERVER_INFO.version, `${name}@${version}`, lang, encodeURIComponent(text)].join(':')}"`
}

/** Weak comparison with a header `If-None-Match` (RFC 9110, 13.1.2). `*` means nothing here: what it asks for is an answer. */
export const isKnown = (ifNoneMatch: string, tag: string): boolean =>
  ifNoneMatch.split(',').some((one) => opaque(one.trim()) === opaque(tag))

const opaque = (tag: string): string => tag.replace(/^W\//, '')
