/** The local key lands where wrangler itself looks for it: the layout on disk is wrangler's own affair. */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { kvNamespaceId } from '../../infra/scripts/start/local-key.ts'
import { planted } from '../toolchain/planted.ts'

const root = join(import.meta.dirname, '../..')
const wrangler = join(root, 'node_modules/wrangler/bin/wrangler.js')
const run = promisify(execFile)

it.each([
  ['without an id', ''],
  ['with an id', 'id = "0123456789abcdef0123456789abcdef"\n'],
])('for a binding %s', async (_, id) => {
  const toml = `name = "w"\ncompatibility_date = "2026-10-01"\n[[kv_namespaces]]\nbinding = "KEYS"\n${id}`
  const folder = await planted({ 'wrangler.toml': toml })
  const value = JSON.stringify({ hash: 'ab', label: '人口 $HOME' })

  const script = join(root, 'infra/scripts/start/put-key.ts')
  const child = spawn(process.execPath, [script, join(folder, 'state'), kvNamespaceId(toml)], { stdio: 'pipe' })
  child.stdin.end(JSON.stringify({ name: 'key:abc', value }))
  expect(await once(child, 'exit')).toEqual([0, null])

  const read = ['kv', 'key', 'get', 'key:abc', '--binding=KEYS', '--local', '--text', `--persist-to=${folder}/state`]
  const { stdout } = await run(process.execPath, [wrangler, ...read], {
    cwd: folder,
    env: { ...process.env, CI: '1', WRANGLER_HIDE_BANNER: 'true', WRANGLER_SEND_METRICS: 'false' },
  })
  expect(stdout).toContain(value)
})
