/**
 * What to paste into each client, as its own manual has it (reference: mcp.md section 6). `npm start` prints the forms
 * with a key, and the READMEs show both. Pure.
 */

export type Headers = Readonly<Record<string, string>>

/** Where a text goes, in English and in Japanese. */
export interface Place {
  readonly en: string
  readonly ja: string
}

interface Form {
  readonly where: Place
  readonly text: string
}

export interface Client {
  readonly name: string
  /** @param url of the MCP endpoint. @param headers that carry the key. */
  readonly withKey: (url: string, headers: Headers) => Form
  /**
   * Signing in by a browser. Most identity providers of organisations neither register clients by themselves nor take
   * a client's metadata document, so each form names a client that was registered before.
   *
   * @param url public, by HTTPS.
   */
  readonly withOauth: (url: string, clientId: string) => Form
}

const SERVER_NAME = 'estat'
/** The bridge in the version that `npm run test:clients` walks the tour with. */
export const BRIDGE = 'mcp-remote@0.15.1'
/** Where clients on this machine wait for the browser to come back; registered with the client. */
export const CALLBACK_PORT = 7778

const json = (value: unknown): string => JSON.stringify(value, null, 2)
const servers = (server: unknown): string => json({ mcpServers: { [SERVER_NAME]: server } })
const file = (path: string): Place => ({ en: `\`${path}\``, ja: `\`${path}\`` })
const SHELL: Place = { en: 'in a shell', ja: 'シェル' }

/** Client and bridge are one machine's, and the bridge is a server of the client's own: what any of them can start. */
const bridge = (where: Place): Pick<Client, 'withKey'> => ({
  withKey: (url, headers) => ({ where, text: servers(bridged(url, headers)) }),
})

/**
 * The bridge with a key. Claude Desktop on Windows, Cursor and Codex break arguments at spaces: a header's value goes by
 * the environment, and no space stands before it (README of mcp-remote, "Custom Headers").
 */
export function bridged(url: string, headers: Headers) {
  const named = Object.entries(headers).map(([name, value]) => [name, variableOf(name), value] as const)
  return {
    command: 'npx',
    args: [
      '-y',
      BRIDGE,
      url,
      '--transport',
      'http-only',
      ...named.flatMap(([name, variable]) => ['--header', `${name}:\${${variable}}`]),
    ],
    env: Object.fromEntries(named.map(([, variable, value]) => [variable, value])),
  }
}

/** `Authorization` is AUTH_HEADER, as in the bridge's manual; `X-API-Key` is X_API_KEY. */
const variableOf = (header: string): string =>
  header === 'Authorization' ? 'AUTH_HEADER' : header.toUpperCase().replaceAll('-', '_')

const bridgedOauth = (url: string, clientId: string) => ({
  command: 'npx',
  args: [
    '-y',
    BRIDGE,
    url,
    String(CALLBACK_PORT),
    '--transport',
    'http-only',
    '--static-oauth-client-info',
    JSON.stringify({ client_id: clientId }),
  ],
})

export const CLIENTS: readonly Client[] = [
  {
    name: 'Kiro',
    withKey: (url, headers) => ({ where: file('.kiro/settings/mcp.json'), text: servers({ url, headers }) }),
    withOauth: (url, clientId) => ({
      where: file('.kiro/settings/mcp.json'),
      text: servers({ url, oauth: { clientId, redirectUri: `127.0.0.1:${CALLBACK_PORT}` } }),
    }),
  },
  {
    name: 'Claude Code',
    withKey: (url, headers) => ({
      where: SHELL,
      text: [
        `claude mcp add --transport http ${SERVER_NAME} ${url}`,
        ...Object.entries(headers).map(([name, value]) => `--header "${name}: ${value}"`),
      ].join(' '),
    }),
    withOauth: (url, clientId) => ({
      where: { en: `${SHELL.en}, then \`/mcp\` in a session`, ja: `${SHELL.ja}、次にセッションで \`/mcp\`` },
      text: `claude mcp add --transport http ${SERVER_NAME} ${url} --client-id ${clientId} --callback-port ${CALLBACK_PORT}`,
    }),
  },
  {
    name: 'Claude Desktop',
    ...bridge(file('claude_desktop_config.json')),
    // Its own connectors are made on Anthropic's side, and take OAuth alone.
    withOauth: (url, clientId) => ({
      where: { en: 'Settings > Connectors > Add custom connector', ja: '設定 > コネクタ > カスタムコネクタを追加' },
      text: `${url} (OAuth Client ID: ${clientId})`,
    }),
  },
  {
    name: 'Cline',
    // It takes a bare `url` for the old SSE transport.
    withKey: (url, headers) => ({
      where: file('cline_mcp_settings.json'),
      text: servers({ type: 'streamableHttp', url, headers }),
    }),
    // Its manual names no setting for a client that was registered before: the bridge has one.
    withOauth: (url, clientId) => ({
      where: file('cline_mcp_settings.json'),
      text: servers({ type: 'stdio', ...bridgedOauth(url, clientId) }),
    }),
  },
  {
    name: 'Cursor',
    withKey: (url, headers) => ({ where: file('.cursor/mcp.json'), text: servers({ url, headers }) }),
    withOauth: (url, clientId) => ({
      where: file('.cursor/mcp.json'),
      text: servers({ url, auth: { CLIENT_ID: clientId } }),
    }),
  },
  {
    name: 'VS Code',
    withKey: (url, headers) => ({
      where: file('.vscode/mcp.json'),
      text: json({ servers: { [SERVER_NAME]: { type: 'http', url, headers } } }),
    }),
    withOauth: (url, clientId) => ({
      where: file('.vscode/mcp.json'),
      text: json({ servers: { [SERVER_NAME]: { type: 'http', url, oauth: { clientId } } } }),
    }),
  },
  {
    name: 'Any stdio client',
    ...bridge({ en: 'where it keeps its servers', ja: 'そのクライアントのサーバー設定' }),
    withOauth: (url, clientId) => ({
      where: { en: 'where it keeps its servers', ja: 'そのクライアントのサーバー設定' },
      text: servers(bridgedOauth(url, clientId)),
    }),
  },
]
