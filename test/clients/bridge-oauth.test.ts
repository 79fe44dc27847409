/**
 * Signing in: mcp-remote with the OAuth configuration that the READMEs show, from the 401 of the edge on workerd over the
 * protected resource's metadata to a browser and back, and then a client of the SDK through it. It is the 1.x line, as in
 * the clients of today: mcp-remote 0.15.1 loses the `server/discover` that 2.x sends while a person signs in, and 2.x
 * waits a minute for it before it goes on by `initialize`.
 */
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { CALLBACK_PORT, CLIENTS } from '../../infra/scripts/start/clients.ts'
import { olderClient } from '../../infra/scripts/tour/clients.ts'
import { sessionOf } from '../../infra/scripts/tour/session.ts'
import { TOOLS } from '../../origin/tools/registry.ts'
import { freePort } from '../e2e/origin-process.ts'
import { type AuthorizationServer, startAuthorizationServer } from './authorization-server.ts'
import { installed } from './judges.ts'
import { type Home, openHome } from './run-program.ts'
import { type Stack, startStack } from './stack.ts'

const CLIENT_ID = 'registered-before'

let issuer: AuthorizationServer
let stack: Stack
let home: Home
let proxy: string
beforeAll(async () => {
  proxy = join(await installed('mcp-remote'), 'mcp-remote/dist/proxy.js')
  home = await openHome()
  issuer = await startAuthorizationServer(CLIENT_ID, 'estat')
  const OAUTH_ISSUERS = JSON.stringify([{ issuer: issuer.url, audiences: ['estat'] }])
  stack = await startStack('sample', { AUTH_MODE: 'oauth', OAUTH_ISSUERS })
})
afterAll(async () => {
  await stack?.close()
  await issuer?.close()
  await home?.close()
})

/** The README's text, started by this Node; a port of its own, for the browser to come back to. */
async function started() {
  const client = CLIENTS.find(({ name }) => name === 'Any stdio client')
  const { text = '' } = client?.withOauth(`${stack.url}/mcp`, CLIENT_ID) ?? {}
  const { args } = (JSON.parse(text) as Configured).mcpServers.estat
  const port = String(await freePort())
  const own = args.slice(2).map((argument) => (argument === String(CALLBACK_PORT) ? port : argument))
  // Without a display no browser of this machine opens.
  return { port, start: { command: process.execPath, args: [proxy, ...own], env: { PATH: '', HOME: home.folder } } }
}

/** What a person does: opens the address that is shown, and lands on the page that says so. */
async function signIn(stderr: Readable): Promise<number> {
  let said = ''
  for await (const chunk of stderr) {
    said += String(chunk)
    const address = new RegExp(`${issuer.url}/authorize\\S+`).exec(said)?.[0]
    if (address !== undefined) return (await fetch(address)).status
  }
  throw new Error(`it showed no address: ${said}`)
}

it('signs in by the browser, and calls with its token', async () => {
  const { start, port } = await started()
  const transport = new StdioClientTransport({ ...start, stderr: 'pipe' })
  const signingIn = signIn(transport.stderr as Readable)
  const session = sessionOf(await olderClient(transport), true, { cache: null })
  try {
    expect(await signingIn).toBe(200)
    expect(await session.toolNames()).toEqual(TOOLS.map(({ name }) => name))
    const { result } = await session.call('lookup', { kind: 'area', find: '府中市' }, () => {})
    expect(result['matches']).toHaveLength(2)
  } finally {
    await session.close()
  }
  const [authorize, token] = issuer.asked
  // RFC 8707: the token is asked for this server, and for what its challenge named.
  expect([authorize?.['resource'], token?.['resource']]).toEqual([`${stack.url}/mcp`, `${stack.url}/mcp`])
  expect(authorize?.['scope']).toBe('read lake')
  expect(authorize?.['redirect_uri']).toBe(`http://localhost:${port}/oauth/callback`)
})

interface Configured {
  readonly mcpServers: { readonly estat: { readonly args: readonly string[] } }
}
