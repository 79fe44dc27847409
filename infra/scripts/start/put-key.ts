/**
 * Puts the local key's record where the Worker's KV binding reads it. A process of its own, before workerd starts on
 * the same folder: Miniflare ends its process on Ctrl-C by itself, which would cut off the supervisor's cleaning up.
 *
 * Arguments: folder (as `--persist-to`), namespace id. Standard input: JSON {name, value}.
 */
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import * as z from 'zod'

const BINDING = 'KEYS'
const [folder, namespace] = z.tuple([z.string(), z.string()]).parse(process.argv.slice(2))
const entry = z.object({ name: z.string(), value: z.string() }).parse(JSON.parse(await text(process.stdin)))

const miniflare = new Miniflare(
  convertV4MiniflareOptions({
    name: 'put-key',
    modules: true,
    script: 'export default {}',
    kvNamespaces: { [BINDING]: namespace },
    // wrangler keeps what `--persist-to` names in a folder by version of the layout.
    resourcePersistencePath: join(folder, 'v3'),
  }),
)
try {
  const keys = await miniflare.getKVNamespace(BINDING)
  await keys.put(entry.name, entry.value)
} finally {
  await miniflare.dispose()
}
