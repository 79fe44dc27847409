/**
 * Puts the local key's record where the Worker's KV binding reads it. A process of its own, before workerd starts on
 * the same folder: Miniflare ends its process on Ctrl-C by itself, which would cut off the supervisor's cleaning up.
 *
 * Arguments: folder (as `--persist-to`), namespace id. Standard input: JSON {name, value}.
 */
import { text } from 'node:stream/consumers'
import * as z from 'zod'
import { openLocalKv } from '../local-kv.ts'

const [folder, namespace] = z.tuple([z.string(), z.string()]).parse(process.argv.slice(2))
const entry = z.object({ name: z.string(), value: z.string() }).parse(JSON.parse(await text(process.stdin)))

const { kv, close } = await openLocalKv(folder, namespace)
try {
  await kv.put(entry.name, entry.value)
} finally {
  await close()
}
