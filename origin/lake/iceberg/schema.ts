/** Iceberg schemas (specification, "Schemas and Data Types") from lake columns and back, and how one grows. */
import { fault } from '../../../shared/fault.ts'
import { columnWithId } from '../columns.ts'
import type { ColumnType, LakeColumn } from '../ports.ts'

export interface IcebergField {
  readonly id: number
  readonly name: string
  readonly required: boolean
  /** A primitive's name, or the object of a nested type. */
  readonly type: unknown
  readonly doc?: string
}

export interface IcebergSchema {
  readonly type: 'struct'
  readonly 'schema-id': number
  readonly fields: readonly IcebergField[]
}

/** Every field is optional: Parquet files of DuckDB have optional columns only. */
export const schemaOf = (schemaId: number, columns: readonly LakeColumn[]): IcebergSchema => ({
  type: 'struct',
  'schema-id': schemaId,
  fields: columns.map(fieldOf),
})

const fieldOf = ({ fieldId, name, type, doc }: LakeColumn): IcebergField => ({
  id: fieldId,
  name,
  required: false,
  type,
  doc,
})

const TYPES: ReadonlySet<unknown> = new Set<ColumnType>([
  'string',
  'int',
  'long',
  'double',
  'boolean',
  'date',
  'timestamptz',
])

/** @throws Fault DATA_TRANSFORM_ERROR for a column of a type that our columns never have. */
export const columnsOf = (schema: IcebergSchema): readonly LakeColumn[] =>
  schema.fields.map(({ id, name, type, doc }) => {
    if (!TYPES.has(type))
      throw fault('DATA_TRANSFORM_ERROR', `Column ${name.slice(0, 60)} has a type that this server does not read.`)
    return { name, type: type as ColumnType, fieldId: id, doc: doc ?? columnWithId(id)?.doc ?? '' }
  })

/**
 * The schema that also holds `columns`, by field id ("Schema Evolution"): new ones are added at the end, none is
 * removed, one that another engine renamed keeps its new name, and an int becomes a long where a file brings longs.
 * @returns `schema` itself where nothing is new.
 * @throws Fault DATA_TRANSFORM_ERROR where a column clashes with one of the table by name or by type.
 */
export function evolve(schema: IcebergSchema, columns: readonly LakeColumn[], nextSchemaId: number): IcebergSchema {
  const fields = new Map(schema.fields.map((field) => [field.id, field]))
  for (const column of columns) {
    const known = fields.get(column.fieldId)
    if (known === undefined && [...fields.values()].some(({ name }) => name === column.name))
      throw fault('DATA_TRANSFORM_ERROR', `Column ${column.name} clashes with another of that name in the table.`)
    const type = known === undefined ? column.type : widened(known, column)
    if (known?.type !== type) fields.set(column.fieldId, known === undefined ? fieldOf(column) : { ...known, type })
  }
  const evolved = [...fields.values()]
  const same = evolved.length === schema.fields.length && evolved.every((field, at) => field === schema.fields[at])
  return same ? schema : { ...schema, 'schema-id': nextSchemaId, fields: evolved }
}

/** The one promotion that our types allow ("Schema Evolution": int to long), read from either side. */
function widened(known: IcebergField, column: LakeColumn): unknown {
  if (known.type === column.type) return known.type
  const types = new Set([known.type, column.type])
  if (types.has('int') && types.has('long')) return 'long'
  throw fault(
    'DATA_TRANSFORM_ERROR',
    `Column ${column.name} holds ${column.type} in the file and clashes with ${printType(known.type)} in the table; only int grows to long.`,
    { hint: 'Load the dataset into a table of another name.' },
  )
}

const printType = (type: unknown): string => (typeof type === 'string' ? type.slice(0, 40) : 'a nested type')
