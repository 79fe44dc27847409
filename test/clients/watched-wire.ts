/** A wire to the edge that shows what a program on its way keeps to itself: headers sent, and `X-Cache` of answers. */
import type { IncomingHttpHeaders } from 'node:http'
import { startRelay } from '../platform/black-box/relay.ts'

export interface WatchedWire {
  /** Without a trailing slash. */
  readonly url: string
  /** Of the last answer that had one. */
  readonly seen: { cache: string | null }
  /** Every request, the first first. */
  readonly sent: readonly { readonly path: string; readonly headers: IncomingHttpHeaders }[]
  close(): Promise<void>
}

export async function watchWire(edgeUrl: string): Promise<WatchedWire> {
  const seen: WatchedWire['seen'] = { cache: null }
  const relay = await startRelay(edgeUrl, {
    host: new URL(edgeUrl).host,
    answered: (headers) => (seen.cache = headers['x-cache']?.toString() ?? seen.cache),
  })
  return { url: relay.url, seen, sent: relay.passed, close: () => relay.close() }
}
