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
 * removed, and one that another engine renamed keeps its new name.
 * @returns `schema` itself where nothing is new.
 * @throws Fault DATA_TRANSFORM_ERROR where a column clashes with one of the table.
 */
export function evolve(schema: IcebergSchema, columns: readonly LakeColumn[], nextSchemaId: number): IcebergSchema {
  const added = columns.filter((column) => {
    const known = schema.fields.find(({ id }) => id === column.fieldId)
    const clashes =
      known === undefined ? schema.fields.some(({ name }) => name === column.name) : known.type !== column.type
    if (clashes)
      throw fault('DATA_TRANSFORM_ERROR', `Column ${column.name} clashes with another of that name in the table.`)
    return known === undefined
  })
  if (added.length === 0) return schema
  return { ...schema, 'schema-id': nextSchemaId, fields: [...schema.fields, ...added.map(fieldOf)] }
}
