/** The READMEs' tables of clients, of what `npm start` prints. Pure. */
import { CLIENTS, type Client } from '../start/clients.ts'

type Lang = 'en' | 'ja'

const HEADS: Readonly<Record<Lang, string>> = { en: '| client | where | what |', ja: '| クライアント | 場所 | 内容 |' }
const NAMES: Readonly<Record<string, string>> = { 'Any stdio client': 'その他の stdio クライアント' }

/** `URL`, `KEY` and `CLIENT_ID` stand for the reader's own. */
export function clientsTable(access: 'key' | 'oauth', lang: Lang): string {
  const rows = CLIENTS.map((client) => {
    const { where, text } = formOf(client, access)
    const name = lang === 'ja' ? (NAMES[client.name] ?? client.name) : client.name
    return `| ${name} | ${where[lang]} | \`${oneLine(text)}\` |`
  })
  return [HEADS[lang], '| --- | --- | --- |', ...rows].join('\n')
}

const formOf = ({ withKey, withOauth }: Client, access: 'key' | 'oauth') =>
  access === 'key' ? withKey('URL', { Authorization: 'Bearer KEY' }) : withOauth('URL', 'CLIENT_ID')

const oneLine = (text: string): string => (text.startsWith('{') ? JSON.stringify(JSON.parse(text)) : text)
