/** What a newcomer reads when everything runs: addresses, the key, and configuration to paste. Pure. */

import type { Tls } from './certificate.ts'
import { CLIENTS } from './clients.ts'

export interface Running {
  /** The edge without a trailing slash. */
  readonly edgeUrl: string
  readonly originUrl: string
  /** The page of the origin's administration. */
  readonly adminUrl: string
  readonly key: string
  readonly adminKey: string
  /** Absolute folder of the embedded lake. */
  readonly dataDir: string
  readonly bucket: string
  readonly logDir: string
  readonly live: boolean
  /** With which certificate the edge speaks TLS; null for plain HTTP. */
  readonly tls: Pick<Tls, 'certPath' | 'selfMade'> | null
}

/** Everything that `npm start` says once both halves answer. The only place that shows the keys. */
export function announcement(running: Running): string {
  const url = `${running.edgeUrl}/mcp`
  const headers = { Authorization: `Bearer ${running.key}` }
  const source = running.live
    ? 'e-Stat itself, by your application ID'
    : 'the bundled sample of real figures (set ESTAT_APP_ID for all of e-Stat)'
  return [
    `e-Stat for agents is running / 起動しました`,
    '',
    `  MCP endpoint   ${url}`,
    `  edge           ${running.edgeUrl}    (Cloudflare's workerd)`,
    `  origin         ${running.originUrl}    (asked by the edge alone)`,
    `  API key        ${running.key}`,
    `  administration ${running.adminUrl}`,
    `  its key        ${running.adminKey}`,
    `  figures from   ${source}`,
    `  data, lake     ${running.dataDir}/${running.bucket}    (= s3://${running.bucket})`,
    `  logs           ${running.logDir}`,
    ...(running.tls ? trust(running.tls) : []),
    '',
    'Paste one of these into your client / クライアントの設定:',
    ...CLIENTS.flatMap(({ name, withKey }) => {
      const { where, text } = withKey(url, headers)
      return ['', `-- ${name}: ${where.en.replaceAll('`', '')}`, text]
    }),
    '',
    'The same tour again: npm run tour        Stop: Ctrl-C',
  ].join('\n')
}

/** How a client comes to trust a certificate that nobody but us has signed. */
function trust({ certPath, selfMade }: Pick<Tls, 'certPath' | 'selfMade'>): readonly string[] {
  if (!selfMade) return [`  certificate    ${certPath}    (your own)`]
  return [
    `  certificate    ${certPath}    (of this clone, for this machine)`,
    '',
    'Clients must be told to trust it / この証明書を信頼させてください:',
    `  Node (Claude Code, Cline, Cursor, VS Code, Kiro, mcp-remote)   NODE_EXTRA_CA_CERTS=${certPath}`,
    `  curl                                                           curl --cacert ${certPath} ...`,
  ]
}
