/** How the local key's record gets into the Worker's KV on this disk. Pure but for the marker it compares. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { recordName } from '../../../shared/keys.ts'
import type { LocalState } from '../local-state.ts'
import type { Spawned } from './child.ts'
import { ordinary, type StartPlan } from './plan.ts'
import type { Env } from './settings.ts'
import { StartError } from './start-error.ts'

const BINDING = 'KEYS'

/**
 * The id under which wrangler keeps a KV binding locally: `preview_id`, else `id`, else the binding's own name.
 *
 * @param toml wrangler.toml, where the binding is a table of `[[kv_namespaces]]`.
 * @throws StartError where there is no such binding.
 */
export function kvNamespaceId(toml: string, binding: string = BINDING): string {
  for (const block of toml.split(/^\s*\[\[kv_namespaces\]\]\s*$/m).slice(1)) {
    const table = block.split(/^\s*\[/m)[0] ?? ''
    const value = (name: string): string | undefined =>
      new RegExp(String.raw`^\s*${name}\s*=\s*["']([^"']+)["']`, 'm').exec(table)?.[1]
    if (value('binding') === binding) return value('preview_id') ?? value('id') ?? binding
  }
  throw new StartError(`wrangler.toml has no [[kv_namespaces]] with binding = "${binding}".`)
}

export interface KeyDelivery {
  readonly child: Spawned
  /** Written once the child has succeeded: the same text there means that there is nothing to do. */
  readonly marker: { readonly path: string; readonly text: string }
}

/** @returns null where the record is in place already. */
export function planKeyDelivery(
  { key }: Pick<LocalState, 'key'>,
  plan: Pick<StartPlan, 'edgePersist'>,
  paths: { readonly root: string; readonly script: string; readonly log: string; readonly node: string },
  env: Env,
): KeyDelivery | null {
  const namespace = kvNamespaceId(readText(join(paths.root, 'wrangler.toml')))
  const entry = JSON.stringify({ name: recordName(key.id), value: JSON.stringify(key.record) })
  const marker = {
    path: join(plan.edgePersist, 'local-key'),
    text: createHash('sha256').update(`${namespace}\n${entry}`).digest('hex'),
  }
  if (readText(marker.path) === marker.text) return null
  return {
    child: {
      name: 'key',
      command: paths.node,
      args: [paths.script, plan.edgePersist, namespace],
      env: ordinary(env),
      cwd: paths.root,
      log: paths.log,
      input: entry,
    },
    marker,
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
