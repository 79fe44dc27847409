/** The actions of IAM that the code needs, read from the code: SDK commands, DynamoDB operations, signed S3 requests. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Source {
  readonly path: string
  readonly text: string
}

export interface Calls {
  readonly actions: readonly string[]
  /** What calls AWS in a way that this reader does not know. */
  readonly unknown: readonly string[]
}

/** What S3's commands need (Amazon S3 user guide, "Required permissions for Amazon S3 API operations"). */
const S3: Readonly<Record<string, readonly string[]>> = {
  GetObjectCommand: ['s3:GetObject'],
  HeadObjectCommand: ['s3:GetObject'],
  PutObjectCommand: ['s3:PutObject'],
  DeleteObjectCommand: ['s3:DeleteObject'],
  ListObjectsV2Command: ['s3:ListBucket'],
  // In parts, and taken back where it fails.
  Upload: ['s3:PutObject', 's3:AbortMultipartUpload'],
}
const BY_METHOD: Readonly<Record<string, string>> = {
  GET: 's3:GetObject',
  HEAD: 's3:GetObject',
  PUT: 's3:PutObject',
  DELETE: 's3:DeleteObject',
}
/** Services whose actions are named as their commands are. */
const AS_NAMED = new Set(['glue', 'athena'])
/** Signed requests with aws4fetch: who sends them, to which service. */
const SIGNED: Readonly<Record<string, 's3' | 'dynamodb'>> = {
  'edge/adapters/cache-s3.ts': 's3',
  'edge/adapters/files-s3.ts': 's3',
  'edge/platform/common/results.ts': 's3',
  'edge/platform/common/table.ts': 'dynamodb',
  'shared/aws/dynamodb.ts': 'dynamodb',
  'origin/admin/from-config.ts': 'dynamodb',
}

export function sources(root: string, folders: readonly string[]): readonly Source[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => ({ path: join(folder, name), text: readFileSync(join(root, folder, name), 'utf8') })),
  )
}

export function callsOf(files: readonly Source[]): Calls {
  const actions = new Set<string>()
  const unknown: string[] = []
  const add = (path: string, what: string, found: readonly string[] | undefined): void => {
    if (found === undefined) unknown.push(`${path}: ${what}`)
    for (const action of found ?? []) actions.add(action)
  }
  for (const { path, text } of files) {
    for (const [service, name] of commands(text)) add(path, name, actionsOf(service, name))
    for (const [, rest = ''] of text.matchAll(/\b(?:dynamo|table)\w*\.call\(\s*([^,\n]+)/g))
      add(path, `call(${rest})`, dynamoActions(rest.trim(), text))
    if (/from '[./]*(?:shared\/)?(?:aws\/)?sender\.ts'|aws4fetch'/.test(text) && path !== 'shared/aws/sender.ts') {
      const service = SIGNED[path]
      add(path, 'signs requests', service === undefined ? undefined : [])
      if (service === 's3') for (const method of methods(text)) add(path, method, one(BY_METHOD[method]))
    }
  }
  return { actions: [...actions].toSorted(), unknown }
}

const one = (action: string | undefined): readonly string[] | undefined => (action === undefined ? undefined : [action])

function* commands(text: string): Generator<readonly [service: string, name: string]> {
  const imports =
    /(?:import|const) \{([^}]*)\}(?: from| = await import\() ?'@aws-sdk\/(?:client-([\w-]+)|lib-storage)'/g
  for (const [, names = '', service = 's3'] of text.matchAll(imports))
    for (const name of names.split(',').map((part) => part.trim()))
      if (/^\w+Command$|^Upload$/.test(name)) yield [service, name]
}

function actionsOf(service: string, name: string): readonly string[] | undefined {
  if (service === 's3') return S3[name]
  return AS_NAMED.has(service) ? [`${service}:${name.replace(/Command$/, '')}`] : undefined
}

/** An operation by name, or by a parameter whose type names all that it may be. */
function dynamoActions(argument: string, text: string): readonly string[] | undefined {
  const union = /^\w+$/.test(argument)
    ? new RegExp(`\\b${argument}: ((?:'\\w+'(?: \\| )?)+)`).exec(text)?.[1]
    : argument
  const names = [...(union ?? '').matchAll(/'(\w+)'/g)].map(([, name = '']) => `dynamodb:${name}`)
  return names.length > 0 ? names : undefined
}

const methods = (text: string): string[] =>
  [...text.matchAll(/'(GET|HEAD|PUT|POST|DELETE|PATCH)'/g)].map(([, name = '']) => name)
