/** Carries out one command of `npm run keys` on a store of records. */
import { randomBytes } from 'node:crypto'
import { createKey, findKey, listKeys, revokeKey } from '../../../shared/key-admin.ts'
import { revokeLink, revokeLinksBefore } from '../../../shared/link-revocation.ts'
import type { Records } from '../../../shared/records.ts'
import type { Command, Place } from './options.ts'
import { KeysError } from './refusal.ts'
import { keyCard, keyTable, type Said } from './say.ts'

export interface RunOptions {
  readonly records: Records
  /** Where these are, for people. */
  readonly place: string
  /** The id of the key that `npm start` prints, where these are its records. */
  readonly startKey: string | null
  /** Milliseconds since the epoch. */
  readonly now: number
}

type OnRecords = Exclude<Command, { readonly do: 'signing' }>
type Of<Name extends Command['do']> = Extract<Command, { readonly do: Name }>

/** @throws KeysError where there is no such key. */
export async function runCommand(command: OnRecords, options: RunOptions): Promise<Said> {
  switch (command.do) {
    case 'create':
      return create(command, options)
    case 'list': {
      const keys = await listKeys(options.records, options.now)
      return { json: keys, text: keyTable(keys) }
    }
    case 'show': {
      const key = (await findKey(options.records, command.id, options.now)) ?? none(command.id, options.place)
      return { json: key, text: keyCard(key) }
    }
    case 'revoke':
      return revoke(command, options)
    case 'revoke-link':
      return endLink(command, options)
    default:
      return endLinks(command, options)
  }
}

async function create({ grant, place: typed }: Of<'create'>, { records, place, now }: RunOptions): Promise<Said> {
  const key = await createKey(records, grant, { random: (count) => randomBytes(count), now })
  const { hash: _hash, ...shown } = key.record
  return {
    json: { key: key.text, id: key.id, ...shown },
    text: `${key.text}

This is the key, shown this once: what is kept ${place} is its hash.
It opens the edge within a minute. ${sayGrant(key.record)}
To end it: npm run keys -- revoke ${key.id}${sayFlags(typed)}`,
  }
}

/** The place as it was typed, so that the command that is shown works as it stands. */
function sayFlags({ platform, ...names }: Place): string {
  const typed = Object.entries({ platform: platform === 'local' ? null : platform, ...names })
  return typed.flatMap(([name, value]) => (value === null ? [] : [` --${name} ${quoted(value)}`])).join('')
}

/** As POSIX shells take it. */
const quoted = (text: string): string => (/^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)

async function revoke({ id }: Of<'revoke'>, { records, place, startKey, now }: RunOptions): Promise<Said> {
  const key = (await revokeKey(records, id, now)) ?? none(id, place)
  const what = `${id} is revoked ${place}. It and every link it made open nothing within a minute.`
  const again = 'npm start prints this very key: delete .estat/local.json, and its next start makes another.'
  return { json: key, text: id === startKey ? `${what}\n${again}` : what }
}

async function endLink({ tenant, jti }: Of<'revoke-link'>, { records, place }: RunOptions): Promise<Said> {
  await revokeLink(records, { tenant, jti })
  const text = `The link ${jti} of ${tenant} is revoked ${place}. It opens nothing within a minute.`
  return { json: { tenant, jti }, text }
}

async function endLinks({ tenant, before: instant }: Of<'revoke-links'>, options: RunOptions): Promise<Said> {
  const before = new Date(await revokeLinksBefore(options.records, tenant, instant)).toISOString()
  const text = `All links of ${tenant} issued before ${before} are revoked ${options.place}. They open nothing within a minute.`
  return { json: { tenant, before }, text }
}

function sayGrant({ tenant, scopes, limit, expires }: Awaited<ReturnType<typeof createKey>>['record']): string {
  const much = limit === null ? "the edge's own limit" : `${limit} calls a minute`
  return `It may ${scopes.join(', ')} as ${tenant}, with ${much}, ${expires === null ? 'for ever' : `until ${expires}`}.`
}

function none(id: string, place: string): never {
  throw new KeysError(`There is no key ${id} ${place}. npm run keys -- list shows what there is.`)
}
