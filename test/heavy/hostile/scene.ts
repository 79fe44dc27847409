/** A real origin with the bundled figures behind a real edge, with a key that may do much and a limit that allows it. */
import { type OriginProcess, startOrigin } from '../../e2e/origin-process.ts'
import { ORIGIN_FLAGS } from '../../../infra/scripts/start/origin-flags.ts'
import { startNodeEdges } from '../../platform/node-edges.ts'
import { type RawEdges, startRawEdges } from '../../platform/raw-workerd.ts'
import { newSigningKey } from '../../platform/workerd.ts'

export interface Scene {
  readonly url: string
  readonly key: string
  readonly edges: RawEdges
  readonly origin: OriginProcess
  close(): Promise<void>
}

export const PLATFORMS: readonly (readonly [name: string, start: typeof startRawEdges])[] = [
  ['workerd', startRawEdges],
  ['Node over DynamoDB', startNodeEdges],
]

export async function openScene(start: typeof startRawEdges): Promise<Scene> {
  const signing = await newSigningKey()
  const { d: _secret, ...publicKey } = signing
  // As they are served: with bounds on the heap, so that what a collector has not come to is no growth.
  const origin = await startOrigin({ edgeKeys: [publicKey], env: ORIGIN_FLAGS })
  const vars = {
    CALLER_SIGNING_KEY: JSON.stringify(signing),
    NODE_OPTIONS: '--max-old-space-size=128 --max-semi-space-size=4',
  }
  const edges = await start({ originUrl: origin.url, instances: 1, vars })
  const { text } = await edges.issueKey({ limit: 1_000_000 })
  return {
    url: edges.urls[0] as string,
    key: text,
    edges,
    origin,
    async close() {
      await edges.close()
      await origin.close()
    },
  }
}
