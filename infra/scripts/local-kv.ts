/** The Workers KV of `npm start` on this disk, from outside of the Worker, whether that runs or not. */
import { join } from 'node:path'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'

export type LocalKv = Awaited<ReturnType<Miniflare['getKVNamespace']>>

export interface OpenLocalKv {
  readonly kv: LocalKv
  readonly close: () => Promise<void>
}

const BINDING = 'KEYS'

/**
 * Miniflare keeps a namespace in SQLite, which several processes may use at once.
 *
 * @param folder As `wrangler dev --persist-to` has it.
 * @param namespace As `kvNamespaceId` tells it.
 */
export async function openLocalKv(folder: string, namespace: string): Promise<OpenLocalKv> {
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      name: 'local-kv',
      modules: true,
      script: 'export default {}',
      kvNamespaces: { [BINDING]: namespace },
      // wrangler keeps what `--persist-to` names in a folder by version of the layout.
      resourcePersistencePath: join(folder, 'v3'),
    }),
  )
  return { kv: await miniflare.getKVNamespace(BINDING), close: () => miniflare.dispose() }
}
