/**
 * mcp-remote, which a client that knows only stdio starts as its server: both lines of the SDK's client walk the whole
 * tour through it to the edge on workerd, with the configuration that `npm start` prints.
 */
import { join } from 'node:path'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { StdioClientTransport as StdioOne } from '@modelcontextprotocol/sdk/client/stdio.js'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { BRIDGE, bridged } from '../../infra/scripts/start/clients.ts'
import { type Connected, modernClient, olderClient } from '../../infra/scripts/tour/clients.ts'
import { type Session, sessionOf } from '../../infra/scripts/tour/session.ts'
import { STEPS, type TourState } from '../../infra/scripts/tour/steps.ts'
import { TOOLS } from '../../origin/tools/registry.ts'
import { installed } from './judges.ts'
import { type Home, openHome } from './run-program.ts'
import { type Stack, startStack } from './stack.ts'
import { type WatchedWire, watchWire } from './watched-wire.ts'

let stack: Stack
let home: Home
let proxy: string
let wire: WatchedWire
let session: Session | undefined
beforeAll(async () => {
  proxy = join(await installed('mcp-remote'), 'mcp-remote/dist/proxy.js')
  home = await openHome()
  stack = await startStack('sample')
})
afterAll(async () => {
  await stack?.close()
  await home?.close()
})
beforeEach(async () => {
  wire = await watchWire(stack.url)
})
afterEach(async () => {
  await session?.close()
  session = undefined
  await wire.close()
})

/** As a client starts it, but for `npx -y mcp-remote@...`, which would ask a registry each time. */
function started(key: string) {
  const { command, args, env } = bridged(`${wire.url}/mcp`, { Authorization: `Bearer ${key}` })
  expect([command, ...args.slice(0, 2)]).toEqual(['npx', '-y', BRIDGE])
  const PATH = process.env['PATH'] ?? ''
  return { command: process.execPath, args: [proxy, ...args.slice(2)], env: { PATH, HOME: home.folder, ...env } }
}

const LINES: Readonly<Record<string, (key: string) => Promise<Connected>>> = {
  '2': (key) => modernClient(new StdioClientTransport({ ...started(key), stderr: 'ignore' })),
  '1': (key) => olderClient(new StdioOne({ ...started(key), stderr: 'ignore' })),
}

describe.each(Object.entries(LINES))('with the SDK line %s', (_line, connect) => {
  it('the tour holds', async () => {
    const connected = await connect(stack.key)
    session = sessionOf(connected, true, wire.seen)
    expect(await session.toolNames()).toEqual(TOOLS.map(({ name }) => name))
    const said: string[] = []
    const say = (line: string): void => void said.push(line)
    const state: TourState = { session, say, origin: '', raw: '', parquet: '', rows: 0, firstSearch: null }
    for (const step of STEPS) await step.run(state)
    expect(state.origin).toBe('sample')
    expect(said.join('\n')).toContain('2020: 14,047,594 人')
    // A step says what a call tells on its way by `...`.
    expect(said.filter((line) => line.startsWith('  ... '))).not.toEqual([])
    // It looks for an authorization server first, and tells nobody its key by that.
    const asked = wire.sent.filter(({ path }) => path === '/mcp').map(({ headers }) => headers.authorization)
    expect(new Set(asked)).toEqual(new Set([`Bearer ${stack.key}`]))
    process.stdout.write(`mcp-remote: ${connected.about}\n`)
  })

  it('a key that does not open ends the bridge, and nothing hangs', async () => {
    await expect(connect('nokey')).rejects.toThrow(/Connection closed/)
  })
})
