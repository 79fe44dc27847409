/**
 * Clients that run in a terminal, as their makers publish them: each is told of the edge by its own command or file, in a
 * home of its own and without an account, and says whether it connected.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CLIENTS } from '../../infra/scripts/start/clients.ts'
import { firstThere, installed, type Judge } from './judges.ts'
import { type Home, openHome, type Ran } from './run-program.ts'
import { type Stack, startStack } from './stack.ts'

interface CommandLine {
  readonly package: Judge
  /** In `node_modules`, the first that is there. */
  readonly programs: readonly string[]
  /** Tells it of the server. */
  add(run: (...args: readonly string[]) => Promise<Ran>, url: string, key: string, home: string): Promise<unknown>
  readonly list: readonly string[]
  readonly connected: RegExp
  /** What it says of a key that does not open. */
  readonly refused: RegExp
  readonly env?: Readonly<Record<string, string>>
}

const system = `${process.platform}-${process.arch}`

const COMMAND_LINES: Readonly<Record<string, CommandLine>> = {
  'Claude Code': {
    package: '@anthropic-ai/claude-code',
    programs: [`@anthropic-ai/claude-code-${system}/claude`],
    // The very line that `npm start` prints.
    add(run, url, key) {
      const client = CLIENTS.find(({ name }) => name === 'Claude Code')
      const line = client?.withKey(url, { Authorization: `Bearer ${key}` }).text ?? ''
      const [program, ...args] = Array.from(
        line.matchAll(/"([^"]*)"|(\S+)/g),
        ([, quoted, bare]) => quoted ?? bare ?? '',
      )
      expect(program).toBe('claude')
      return run(...args)
    },
    list: ['mcp', 'list'],
    connected: /estat: \S+ \(HTTP\) - ✔ Connected/,
    refused: /estat: \S+ \(HTTP\) - (?!✔)/,
    env: { DISABLE_AUTOUPDATER: '1', CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1' },
  },
  'Gemini CLI': {
    package: '@google/gemini-cli',
    programs: ['@google/gemini-cli/bundle/gemini.js'],
    add: (run, url, key) =>
      run(
        'mcp',
        'add',
        '--scope',
        'user',
        '--transport',
        'http',
        'estat',
        url,
        '--header',
        `Authorization: Bearer ${key}`,
      ),
    list: ['mcp', 'list'],
    connected: /✓ estat: \S+ \(http\) - Connected/,
    refused: /✗ estat: \S+ \(http\) - Disconnected/,
    env: { GEMINI_CLI_TRUST_WORKSPACE: 'true' },
  },
  OpenCode: {
    package: 'opencode-ai',
    programs: [`opencode-${system}-baseline/bin/opencode`, `opencode-${system}/bin/opencode`],
    async add(_run, url, key, home) {
      const estat = { type: 'remote', url, headers: { Authorization: `Bearer ${key}` } }
      await writeFile(join(home, 'opencode.json'), JSON.stringify({ mcp: { estat } }))
    },
    list: ['mcp', 'list'],
    connected: /✓ estat .*connected/,
    refused: /✗ estat|needs authentication|failed/i,
  },
}

let stack: Stack
beforeAll(async () => {
  stack = await startStack('sample')
})
afterAll(() => stack?.close())

describe.each(Object.entries(COMMAND_LINES))('%s', (_name, line) => {
  let home: Home
  let program: readonly string[]
  beforeAll(async () => {
    const modules = await installed(line.package)
    const path = firstThere(line.programs.map((one) => join(modules, one)))
    program = path.endsWith('.js') ? [process.execPath, path] : [path]
  })

  async function listed(key: string): Promise<string> {
    home = await openHome()
    try {
      const run = (...args: readonly string[]): Promise<Ran> => home.run([...program, ...args], line.env ?? {})
      await line.add(run, `${stack.url}/mcp`, key, home.folder)
      const { out, err } = await run(...line.list)
      return `${out}${err}`
    } finally {
      await home.close()
    }
  }

  it('connects with a key', async () => expect(await listed(stack.key)).toMatch(line.connected))

  it('does not with another', async () => {
    const said = await listed('nokey')
    expect(said).not.toMatch(line.connected)
    expect(said).toMatch(line.refused)
  })
})
