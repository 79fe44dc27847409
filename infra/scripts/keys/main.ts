/** `npm run keys` but for the process around it. */
import { DynamoError } from '../../../shared/aws/dynamodb.ts'
import { KvApiError } from '../../../shared/cloudflare/records-kv-api.ts'
import { StartError } from '../start/start-error.ts'
import { type Asked, readCommand, USAGE } from './options.ts'
import { openPlace, type PlaceOptions } from './places.ts'
import { KeysError } from './refusal.ts'
import { runCommand } from './run.ts'
import type { Said } from './say.ts'
import { makeSigning } from './signing.ts'

export interface KeysOptions extends PlaceOptions {
  readonly args: readonly string[]
  /** Standard output and standard error, a line or more at once. */
  readonly say: (text: string) => void
  readonly complain: (text: string) => void
}

/** @returns The exit code. */
export async function keys({ args, say, complain, ...options }: KeysOptions): Promise<0 | 1> {
  if (args.includes('--help')) {
    say(USAGE)
    return 0
  }
  try {
    const asked = readCommand(args, Date.now())
    const { text, json } = await answer(asked, options)
    say(asked.json ? JSON.stringify(json, null, 2) : text)
    return 0
  } catch (error) {
    complain(sayFailure(error))
    return 1
  }
}

async function answer({ command }: Asked, options: PlaceOptions): Promise<Said> {
  if (command.do === 'signing') return makeSigning(command.what)
  const { records, name, close, startKey = null } = await openPlace(command.place, options)
  try {
    return await runCommand(command, { records, place: name, startKey, now: Date.now() })
  } finally {
    await close()
  }
}

/** In words that say what to do. What a store says itself may hold an account, a path or a request: it is left out. */
function sayFailure(error: unknown): string {
  if (error instanceof KeysError || error instanceof StartError) return error.message
  if (error instanceof KvApiError) return sayKv(error.status)
  if (error instanceof DynamoError) return sayDynamo(error.kind)
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (['EACCES', 'EPERM', 'EROFS'].includes(code)) return 'The file of keys cannot be written by this user.'
  if (code === 'ENOSPC') return 'The disk is full; no key was changed.'
  const message = error instanceof Error ? error.message : ''
  if (message.startsWith('the file of records')) return `No key was changed: ${message}.`
  return `The store does not answer (${error instanceof Error ? error.name : 'unknown'}). Nothing can be said of what was asked: call npm run keys -- list.`
}

function sayKv(status: number): string {
  if (status === 401 || status === 403)
    return 'Cloudflare refused the token: CLOUDFLARE_API_TOKEN needs the permission "Workers KV Storage: Edit" on the account of CLOUDFLARE_ACCOUNT_ID.'
  if (status === 404 || status === 400)
    return 'Cloudflare knows no such namespace: compare CLOUDFLARE_ACCOUNT_ID and --namespace with npx wrangler kv namespace list.'
  return `Cloudflare answered ${status}. Call again in a minute.`
}

function sayDynamo(kind: string): string {
  if (kind === 'ResourceNotFoundException')
    return 'There is no such table in this region: compare --table and --region.'
  if (kind === 'AccessDeniedException')
    return 'AWS refused: these credentials need dynamodb:GetItem, PutItem, DeleteItem and Scan on the table.'
  if (/Token|Signature|Credential|UnrecognizedClient/.test(kind))
    return 'AWS does not know these credentials, or they have ended.'
  return `DynamoDB answered ${kind}. Call again in a minute.`
}
