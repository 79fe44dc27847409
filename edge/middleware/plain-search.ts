import type { Context, Handler } from 'hono'
import { strongTag } from '../../shared/entity-tag.ts'
import { conditionOf } from '../../shared/preconditions.ts'
import { readSearchQuery } from '../../shared/search-query.ts'
import type { Asking, Served } from '../cached-answers.ts'
import { type AnswerJson, answerJson } from '../domain/answer-json.ts'
import { isKeepable, type Outcome } from '../domain/executed.ts'
import type { Answer } from '../domain/framing.ts'
import type { CachePolicy } from '../domain/freshness.ts'
import { plainForm } from '../domain/reply.ts'
import { SEARCH_TOOL, type ToolManifest } from '../domain/tools.ts'
import type { EdgeEnv } from '../env.ts'
import { executor } from '../execute.ts'
import { timed } from '../timings.ts'
import type { Upstream } from '../upstream.ts'
import { cacheHeaders } from './search-cache.ts'

export interface PlainSearchOptions {
  readonly answer: (asking: Asking) => Promise<Served>
  readonly upstream: Upstream
  readonly manifest: ToolManifest
  /** Whether nobody is asked who they are: then a shared cache on the way may answer too. */
  readonly open: boolean
  readonly now: () => number
  readonly background: (c: Context, task: Promise<void>) => void
}

const APP_ID = 'x-estat-app-id'

/**
 * `GET /search?q=`: the plain HTTP twin of `search_estat_data`, from the same cache, in a form that HTTP's own caches
 * understand. It answers as `POST /execute` does.
 *
 * @throws Fault INVALID_PARAMETER for a query that is wrong; what the origin says, otherwise.
 */
export function plainSearch(options: PlainSearchOptions): Handler<EdgeEnv> {
  const { answer, upstream, manifest, open, now, background } = options
  const tool = manifest.tools.find(({ name }) => name === SEARCH_TOOL)

  /** Null where no cache may take part: an application ID of the caller's own serves this request alone. */
  async function fromCache(c: Context<EdgeEnv>, args: Asking['plan']['args']): Promise<Served | null> {
    if (!tool?.cache || c.req.header(APP_ID) !== undefined) return null
    return answer({
      plan: { tool: tool.name, version: tool.version, policy: tool.cache, args },
      from: { caller: c.get('caller'), requestId: c.get('requestId'), trace: c.get('trace') },
      signal: c.req.raw.signal,
      background: (task) => background(c, task),
      time: (part, task) => timed(c, part, now, task),
    })
  }

  function fromOrigin(c: Context<EdgeEnv>, args: Asking['plan']['args']): Promise<Outcome> {
    const { caller, requestId, trace } = c.var
    const own = c.req.header(APP_ID)
    const run = executor(upstream, own === undefined ? {} : { [APP_ID]: own })
    return timed(c, 'origin', now, run({ tool: SEARCH_TOOL, args, caller, requestId, trace }, c.req.raw.signal))
  }

  return async function plainSearch(c) {
    const args: Asking['plan']['args'] = { ...readSearchQuery(new URL(c.req.raw.url).searchParams) }
    const served = await fromCache(c, args)
    const outcome = served?.outcome ?? (await fromOrigin(c, args))
    const kept = served !== null && isKeepable(outcome)
    const told = {
      ...(served ? cacheHeaders(served) : { 'x-cache': 'BYPASS' }),
      'cache-control': kept ? cacheControl(served.policy, open) : 'no-store',
      // RFC 9110 section 12.5.5: who asks decides whether there is an answer, and whose.
      vary: open ? 'X-Estat-App-Id' : 'Authorization, X-API-Key, Cf-Access-Jwt-Assertion, X-Estat-App-Id',
    }
    if (!outcome.ok) {
      const { status, body, headers } = plainForm.failure(outcome.failure, outcome.status)
      return c.newResponse(body, { status: status as 400, headers: { ...headers, ...told } })
    }
    const { body, headers } = plainForm.answer(outcome.answer)
    const etag = await tagOf(outcome.answer, body)
    const condition = { get: (name: string) => (name === 'if-none-match' ? (c.req.header(name) ?? null) : null) }
    if (kept && conditionOf(condition, { etag, modified: 0 }) === 'not modified')
      return c.newResponse(null, { status: 304, headers: { ...told, etag } })
    c.set('reply', { status: 200, body, headers: { ...headers, ...told, ...(kept ? { etag } : {}) } })
    return undefined
  }
}

/** For as long as the answer's own text is held. */
const tags = new WeakMap<AnswerJson, string>()

/** The strong tag of an answer, made once: what is kept is answered often. */
async function tagOf(answer: Answer, body: string): Promise<string> {
  const json = answerJson(answer)
  const tag = tags.get(json) ?? (await strongTag(body))
  tags.set(json, tag)
  return tag
}

/**
 * Freshness as the edge's own cache has it. `Age` goes with it (RFC 9111 section 4.2.3), so what is left is what a
 * client reckons; the two kinds of stale are RFC 5861's.
 */
const cacheControl = ({ ttl, swr, sie }: CachePolicy, open: boolean): string =>
  `${open ? 'public' : 'private'}, max-age=${ttl}, stale-while-revalidate=${swr}, stale-if-error=${sie}`
