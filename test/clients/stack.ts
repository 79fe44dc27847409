/** What clients connect to: the production Worker in workerd before an origin in its own process, opened by a key. */
import { serve } from '@hono/node-server'
import { loadSample } from '../../origin/sample/load-sample.ts'
import { generatedFiles } from '../../origin/standin/generate/files.ts'
import { createStandin } from '../../origin/standin/standin.ts'
import type { Scope } from '../../shared/server-info.ts'
import { freePort, startOrigin } from '../e2e/origin-process.ts'
import { newSigningKey, startEdge } from '../platform/workerd.ts'

export interface Stack {
  /** The edge without a trailing slash. */
  readonly url: string
  /** Opens it, with every scope. */
  readonly key: string
  issueKey(scopes: readonly Scope[]): Promise<string>
  close(): Promise<void>
}

const APP_ID = 'c1'.repeat(20)

/**
 * @param source `sample`: as `npm start` runs without an application ID. `standin`: the same tables, and files of the
 * data catalogue beside them, asked for over HTTP as of e-Stat itself.
 * @param vars further settings of the edge.
 */
export async function startStack(
  source: 'sample' | 'standin',
  vars: Readonly<Record<string, string>> = {},
): Promise<Stack> {
  const closing: (() => unknown)[] = []
  const env: Record<string, string> = { LINK_SIGNING_KEY: JSON.stringify(await newSigningKey()) }
  if (source === 'standin') {
    const upstream = await startStandin()
    closing.push(upstream.close)
    Object.assign(env, { ESTAT_APP_ID: APP_ID, ESTAT_BASE_URL: upstream.url, ESTAT_GAP_MS: '0' })
  }
  const signingKey = await newSigningKey()
  const { d: _secret, ...publicKey } = signingKey
  const origin = await startOrigin({ edgeKeys: [publicKey], env })
  closing.unshift(() => origin.close())
  const settings = { RATE_LIMIT_PER_MINUTE: '100000', ...vars }
  const edge = await startEdge({ originUrl: origin.url, signingKey, vars: settings })
  closing.unshift(() => edge.close())
  return {
    url: edge.url,
    key: (await edge.issueKey()).text,
    issueKey: async (scopes) => (await edge.issueKey({ scopes })).text,
    async close() {
      for (const close of closing) await close()
    },
  }
}

async function startStandin() {
  const standin = createStandin({
    tables: loadSample().tables,
    files: generatedFiles({ seed: 3, tables: 60 }),
    accepts: [APP_ID],
    now: Date.now,
  })
  const port = await freePort()
  const server = serve({ port, hostname: '127.0.0.1', fetch: standin })
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() }
}
