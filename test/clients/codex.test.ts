/**
 * The Codex CLI, told of the edge by the file that its `mcp add --url` writes. Its list tells nothing of a connection; its
 * app server, which editors start, connects without an account and shows what it got.
 */
import { spawn } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { TOOLS } from '../../origin/tools/registry.ts'
import { SERVER_INFO } from '../../shared/server-info.ts'
import { installed } from './judges.ts'
import { type Home, openHome } from './run-program.ts'
import { type Stack, startStack } from './stack.ts'

interface Status {
  readonly name: string
  readonly serverInfo: { readonly name: string } | null
  readonly tools: Readonly<Record<string, unknown>>
}

const ASKED = [
  { id: 0, method: 'initialize', params: { clientInfo: { name: 'estat-test', version: '1.0.0' } } },
  { method: 'initialized' },
  { id: 1, method: 'mcpServerStatus/list', params: {} },
]

let stack: Stack
let home: Home
let program: string
beforeAll(async () => {
  program = join(await installed('@openai/codex'), '@openai/codex/bin/codex.js')
  home = await openHome()
  stack = await startStack('sample')
})
afterAll(async () => {
  await stack?.close()
  await home?.close()
})

async function statusWith(key: string): Promise<Status | undefined> {
  const folder = join(home.folder, '.codex')
  await mkdir(folder, { recursive: true })
  const server = `[mcp_servers.estat]\nurl = ${JSON.stringify(`${stack.url}/mcp`)}\nbearer_token_env_var = "ESTAT_KEY"\n`
  await writeFile(join(folder, 'config.toml'), server)
  const child = spawn(process.execPath, [program, 'app-server'], {
    cwd: home.folder,
    env: { PATH: process.env['PATH'], HOME: home.folder, CODEX_HOME: folder, ESTAT_KEY: key },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  try {
    for (const message of ASKED) child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
    for await (const line of createInterface({ input: child.stdout })) {
      const { id, result } = JSON.parse(line) as { id?: number; result?: { data: readonly Status[] } }
      if (id === 1) return result?.data.find(({ name }) => name === 'estat')
    }
    return undefined
  } finally {
    child.kill()
  }
}

it('Codex connects with a key and gets every tool', async () => {
  const status = await statusWith(stack.key)
  expect(status?.serverInfo?.name).toBe(SERVER_INFO.name)
  expect(Object.keys(status?.tools ?? {}).toSorted()).toEqual(TOOLS.map(({ name }) => name).toSorted())
})

it('Codex gets nothing with another', async () => {
  const status = await statusWith('nokey')
  expect([status?.serverInfo ?? null, status?.tools ?? {}]).toEqual([null, {}])
})
