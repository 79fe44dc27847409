/**
 * A table's entry in Glue, as Iceberg's own Glue catalogue writes it (`IcebergToGlueConverter`, `GlueTableOperations`):
 * Athena finds the metadata by `metadata_location`, and shows the columns that stand beside it.
 */
import type { Column, Table, TableInput } from '@aws-sdk/client-glue'
import type { TableMetadata } from '../lake/iceberg/metadata.ts'
import type { IcebergField } from '../lake/iceberg/schema.ts'

export const METADATA_LOCATION = 'metadata_location'
const PREVIOUS_LOCATION = 'previous_metadata_location'

/** Case differs between engines. */
export const isIceberg = ({ Parameters }: Table): boolean => Parameters?.['table_type']?.toUpperCase() === 'ICEBERG'

/**
 * The entry that points to `location`. What an entry of another engine holds besides (parameters, owner, description,
 * a storage descriptor's formats) stays; columns and both locations move together.
 * @param current The entry that is replaced; null for a new table.
 */
export function tableInput(
  name: string,
  current: Table | null,
  metadata: TableMetadata,
  location: string,
): TableInput & Required<Pick<TableInput, 'Parameters' | 'StorageDescriptor'>> {
  const { Description, Owner, LastAccessTime, LastAnalyzedTime, Retention, PartitionKeys, TargetTable } = current ?? {}
  const kept = { Description, Owner, LastAccessTime, LastAnalyzedTime, Retention, PartitionKeys, TargetTable }
  const previous = current?.Parameters?.[METADATA_LOCATION]
  return {
    ...Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined)),
    Name: name,
    TableType: current?.TableType ?? 'EXTERNAL_TABLE',
    Parameters: {
      ...current?.Parameters,
      table_type: 'ICEBERG',
      [METADATA_LOCATION]: location,
      ...(previous === undefined ? {} : { [PREVIOUS_LOCATION]: previous }),
    },
    StorageDescriptor: {
      ...current?.StorageDescriptor,
      Location: metadata.location,
      Columns: columnsOf(metadata),
    },
  }
}

/** The current schema's columns, then those that only older schemas have: time travel shows them. */
function columnsOf({ schemas, 'current-schema-id': currentId }: TableMetadata): Column[] {
  const current = schemas.find((schema) => schema['schema-id'] === currentId)?.fields ?? []
  const names = new Set(current.map(({ name }) => name))
  const older = schemas.flatMap(({ fields }) => fields).filter(({ name }) => !names.has(name) && names.add(name))
  return [...current.map((field) => columnOf(field, true)), ...older.map((field) => columnOf(field, false))]
}

function columnOf({ id, name, required, type, doc }: IcebergField, isCurrent: boolean): Column {
  return {
    Name: name,
    Type: typeof type === 'string' ? (HIVE_TYPES[type] ?? type) : 'string',
    ...(doc === undefined || doc === '' ? {} : { Comment: comment(doc) }),
    Parameters: {
      'iceberg.field.id': String(id),
      'iceberg.field.optional': String(!required),
      'iceberg.field.current': String(isCurrent),
    },
  }
}

/** Glue names types as Hive does. A nested type, which only another engine adds, is shown as text. */
const HIVE_TYPES: Readonly<Record<string, string>> = {
  long: 'bigint',
  timestamptz: 'timestamp',
  time: 'string',
  uuid: 'string',
}

/** One line of at most 255 characters (Glue API Reference, "Column"). */
const comment = (doc: string): string => Array.from(doc.replaceAll(/\s+/g, ' ')).slice(0, 255).join('')
