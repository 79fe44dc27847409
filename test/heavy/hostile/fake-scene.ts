/** An edge in front of an origin that says what it was asked: by whom, and how often. */
import { type FakeOrigin, fakeOrigin } from '../../platform/fake-origin.ts'
import { startNodeEdges } from '../../platform/node-edges.ts'
import { type RawEdges, startRawEdges } from '../../platform/raw-workerd.ts'

export interface FakeScene {
  readonly url: string
  readonly host: string
  readonly key: string
  readonly edges: RawEdges
  readonly origin: FakeOrigin
  close(): Promise<void>
}

export async function openFakeScene(start: typeof startRawEdges | typeof startNodeEdges): Promise<FakeScene> {
  const origin = await fakeOrigin()
  const edges = await start({ originUrl: origin.url, instances: 1 })
  origin.trust(edges.publicKey)
  const { text } = await edges.issueKey({ limit: 1_000_000 })
  const url = edges.urls[0] as string
  return {
    url,
    host: new URL(url).host,
    key: text,
    edges,
    origin,
    async close() {
      await edges.close()
      await origin.close()
    },
  }
}
