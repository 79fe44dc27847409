/**
 * The part of the Glue Data Catalog that Iceberg stands on, over the wire: databases and tables with versions. Stricter
 * than Glue in one thing: an update without `VersionId` is refused, for it would undo another writer's commit.
 */
import { JsonError, jsonServer, type JsonServer } from '../wire-aws/json.ts'
import { WIRE_KEYS, WIRE_REGION } from '../wire-s3/server.ts'

export interface WireTable {
  readonly Name: string
  readonly VersionId: string
  readonly Parameters?: Readonly<Record<string, string>>
  readonly StorageDescriptor?: Readonly<Record<string, unknown>>
  readonly [field: string]: unknown
}

export interface WireGlue extends JsonServer {
  /** Tables by name, of a database; undefined where there is none. */
  database(name: string): Map<string, WireTable> | undefined
  /** Every entry that was ever current, oldest first, of "database.table". */
  history(name: string): readonly WireTable[]
  /** Another engine's hand: changes the entry as if by `UpdateTable` of its own. */
  change(database: string, name: string, change: (table: WireTable) => Record<string, unknown>): void
}

type Json = Readonly<Record<string, unknown>>

/** Fields of `TableInput` (Glue API Reference); others are refused, as the service refuses what it does not know. */
const INPUT_FIELDS = new Set([
  'Name', 'Description', 'Owner', 'LastAccessTime', 'LastAnalyzedTime', 'Retention', 'StorageDescriptor', 'PartitionKeys',
  'ViewOriginalText', 'ViewExpandedText', 'TableType', 'Parameters', 'TargetTable', 'ViewDefinition',
]) // biome-ignore format: a list of names

export async function wireGlue(
  options: { readonly port?: number; readonly pageSize?: number } = {},
): Promise<WireGlue> {
  const { pageSize = 2 } = options
  const databases = new Map<string, Map<string, WireTable>>()
  const past = new Map<string, WireTable[]>()

  const databaseOf = ({ DatabaseName }: Json): Map<string, WireTable> => {
    const found = databases.get(String(DatabaseName))
    if (found === undefined) throw new JsonError('EntityNotFoundException', 'Database not found.')
    return found
  }
  const keep = (input: Json, name: string, fields: Json, version: number): void => {
    const table = { ...fields, Name: name, VersionId: String(version), DatabaseName: String(input['DatabaseName']) }
    databaseOf(input).set(name, table)
    const id = `${String(input['DatabaseName'])}.${name}`
    past.set(id, [...(past.get(id) ?? []), table])
  }
  const tableOf = (input: Json, name: string): WireTable => {
    const found = databaseOf(input).get(name)
    if (found === undefined) throw new JsonError('EntityNotFoundException', 'Table not found.')
    return found
  }

  const server = await jsonServer({
    ...options,
    target: 'AWSGlue',
    service: 'glue',
    region: WIRE_REGION,
    keys: { [WIRE_KEYS.accessKeyId]: WIRE_KEYS.secretAccessKey },
    now: Date.now,
    operations: {
      CreateDatabase({ DatabaseInput }) {
        const { Name } = DatabaseInput as { readonly Name: string }
        if (databases.has(Name)) throw new JsonError('AlreadyExistsException', 'Database already exists.')
        databases.set(Name, new Map())
        return {}
      },
      GetTable: (input) => ({ Table: tableOf(input, String(input['Name'])) }),
      GetTables(input) {
        const all = [...databaseOf(input).values()].toSorted((a, b) => (a.Name < b.Name ? -1 : 1))
        const from = Number(input['NextToken'] ?? 0)
        const next = from + pageSize < all.length ? { NextToken: String(from + pageSize) } : {}
        return { TableList: all.slice(from, from + pageSize), ...next }
      },
      CreateTable(input) {
        const { name, fields } = checkedInput(input)
        if (databaseOf(input).has(name)) throw new JsonError('AlreadyExistsException', 'Table already exists.')
        keep(input, name, fields, 0)
        return {}
      },
      UpdateTable(input) {
        const { name, fields } = checkedInput(input)
        const current = tableOf(input, name)
        if (input['VersionId'] === undefined) throw new JsonError('InvalidInputException', 'VersionId is missing.')
        if (input['SkipArchive'] !== true)
          throw new JsonError('ResourceNumberLimitExceededException', 'Too many versions.')
        if (input['VersionId'] !== current.VersionId)
          throw new JsonError('ConcurrentModificationException', 'Update table failed due to concurrent modifications.')
        keep(input, name, fields, Number(current.VersionId) + 1)
        return {}
      },
      DeleteTable(input) {
        const name = String(input['Name'])
        tableOf(input, name)
        databaseOf(input).delete(name)
        return {}
      },
      DeleteDatabase({ Name }) {
        databaseOf({ DatabaseName: Name })
        databases.delete(String(Name))
        return {}
      },
    },
  })

  return {
    ...server,
    database: (name) => databases.get(name),
    history: (name) => past.get(name) ?? [],
    change(database, name, change) {
      const input = { DatabaseName: database }
      const table = tableOf(input, name)
      keep(input, name, change(table), Number(table.VersionId) + 1)
    },
  }
}

/** What Glue checks of an input: names in lower case, known fields, columns with a name and a short comment. */
function checkedInput({ TableInput }: Json): { readonly name: string; readonly fields: Json } {
  const fields = TableInput as Json & {
    readonly Name?: string
    readonly StorageDescriptor?: { readonly Columns?: readonly Json[] }
  }
  const { Name = '', StorageDescriptor } = fields
  const unknown = Object.keys(fields).find((field) => !INPUT_FIELDS.has(field))
  if (unknown !== undefined) throw new JsonError('InvalidInputException', `Unknown field ${unknown}.`)
  if (!/^[a-z0-9_]{1,255}$/.test(Name)) throw new JsonError('InvalidInputException', 'Bad name.')
  for (const column of StorageDescriptor?.Columns ?? []) {
    const { Name: title, Comment = '' } = column as { readonly Name?: string; readonly Comment?: string }
    if (title === undefined || Comment.length > 255 || Comment.includes('\n'))
      throw new JsonError('InvalidInputException', 'Bad column.')
  }
  return { name: Name, fields }
}
