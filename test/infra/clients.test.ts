/**
 * What is to be pasted into clients, held to the shapes that their manuals document (reference: mcp.md section 6): each
 * shape is strict, so a field that a manual does not know fails.
 */
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { clientsTable } from '../../infra/scripts/docs/clients.ts'
import { BRIDGE, bridged, CLIENTS } from '../../infra/scripts/start/clients.ts'

const url = 'https://estat.example.jp/mcp'
const headers = { Authorization: 'Bearer id.secret' }

const anUrl = z.url({ protocol: /^https?$/ })
const someHeaders = z.record(z.string(), z.string()).optional()
const servers = (server: z.ZodType) => z.strictObject({ mcpServers: z.strictObject({ estat: server }) })
const started = z.strictObject({
  type: z.literal('stdio').optional(),
  command: z.string(),
  args: z.array(z.string()),
  env: z.record(z.string(), z.string()).optional(),
})
const kiroOauth = z.strictObject({ clientId: z.string(), redirectUri: z.string().regex(/^127\.0\.0\.1:\d+$/) })
const seconds = z.number().optional()

const SHAPES: Readonly<Record<string, z.ZodType>> = {
  // kiro.dev/docs/mcp/configuration
  Kiro: servers(z.strictObject({ url: anUrl, headers: someHeaders, oauth: kiroOauth.optional() })),
  // docs.cline.bot: `type` is required for Streamable HTTP, a bare url is SSE
  Cline: servers(
    z.union([
      z.strictObject({ type: z.literal('streamableHttp'), url: anUrl, headers: someHeaders, timeout: seconds }),
      started,
    ]),
  ),
  // cursor.com/docs/mcp: `auth` for a client that is registered already
  Cursor: servers(
    z.strictObject({ url: anUrl, headers: someHeaders, auth: z.strictObject({ CLIENT_ID: z.string() }).optional() }),
  ),
  // code.visualstudio.com, MCP configuration reference: `servers`, not `mcpServers`
  'VS Code': z.strictObject({
    servers: z.strictObject({
      estat: z.strictObject({
        type: z.literal('http'),
        url: anUrl,
        headers: someHeaders,
        oauth: z.strictObject({ clientId: z.string() }).optional(),
      }),
    }),
  }),
  // It does not connect to remote servers of its file: the bridge alone.
  'Claude Desktop': servers(started),
  'Any stdio client': servers(started),
}

/** What a text has that its client's manual does not know; null for nothing, and for what is typed into a form. */
function misfit(name: string, text: string): string | null {
  if (!text.startsWith('{')) return null
  const { error } = (SHAPES[name] ?? z.never()).safeParse(JSON.parse(text))
  return error?.message ?? null
}

const JSON_FORMS = CLIENTS.filter(({ name }) => name in SHAPES)

describe.each(JSON_FORMS)('$name', ({ name, withKey, withOauth }) => {
  it('is configured with a key as its manual says', () => {
    const { text } = withKey(url, headers)
    expect(misfit(name, text)).toBeNull()
    expect(text).toContain(url)
    expect(text).toContain('Bearer id.secret')
  })

  it('is configured with OAuth as its manual says, and with no key', () => {
    const { text } = withOauth(url, 'client-1')
    expect(misfit(name, text)).toBeNull()
    expect(text).toContain(url)
    expect(text).toContain('client-1')
    expect(text).not.toMatch(/header|bearer/i)
  })
})

it('every client is held to a shape, or is a command', () => {
  expect(CLIENTS.filter(({ name }) => !(name in SHAPES)).map(({ name }) => name)).toEqual(['Claude Code'])
  const code = CLIENTS.find(({ name }) => name === 'Claude Code')
  expect(code?.withKey(url, headers).text).toBe(
    `claude mcp add --transport http estat ${url} --header "Authorization: Bearer id.secret"`,
  )
  expect(code?.withOauth(url, 'client-1').text).toBe(
    `claude mcp add --transport http estat ${url} --client-id client-1 --callback-port 7778`,
  )
})

it('no argument of the bridge has a space, where some clients break it', () => {
  const { args, env } = bridged(url, { ...headers, 'X-Estat-App-Id': 'my id' })
  expect(args.filter((argument) => /\s/.test(argument))).toEqual([])
  expect(args).toEqual(expect.arrayContaining(['Authorization:${AUTH_HEADER}', 'X-Estat-App-Id:${X_ESTAT_APP_ID}']))
  expect(env).toEqual({ AUTH_HEADER: 'Bearer id.secret', X_ESTAT_APP_ID: 'my id' })
})

it('the READMEs show every client in both languages', () => {
  for (const access of ['key', 'oauth'] as const)
    for (const lang of ['en', 'ja'] as const)
      expect(clientsTable(access, lang).split('\n')).toHaveLength(2 + CLIENTS.length)
  expect(clientsTable('key', 'en')).toContain(BRIDGE)
})
