/**
 * TablePointer in the Glue Data Catalog: `metadata_location` of the table's entry, changed by `UpdateTable` with the
 * `VersionId` of the very `GetTable` that gave it, so that Athena, Spark and we never undo each other's commits. A tenant
 * has a database of its own, made when its first table is.
 *
 * The role needs glue:GetTable, glue:GetTables, glue:CreateTable, glue:UpdateTable and glue:CreateDatabase.
 */
import {
  CreateDatabaseCommand,
  CreateTableCommand,
  GetTableCommand,
  GetTablesCommand,
  GlueClient,
  type GetTablesCommandOutput,
  type Table,
  UpdateTableCommand,
} from '@aws-sdk/client-glue'
import { randomUUID } from 'node:crypto'
import { fault } from '../../shared/fault.ts'
import { printJson } from '../lake/iceberg/json.ts'
import type { TableMetadata } from '../lake/iceberg/metadata.ts'
import type { TablePlace } from '../lake/iceberg/table-view.ts'
import type { ObjectStore } from '../ports.ts'
import { type AwsOptions, awsClientConfig } from './aws-client.ts'
import { awsFault, isAwsError } from './aws-faults.ts'
import { deleteQuietly } from './catalog-files.ts'
import { isIceberg, METADATA_LOCATION, tableInput } from './catalog-glue-table.ts'
import { type Found, settled } from './catalog-glue-outcome.ts'
import type { CurrentMetadata, TablePointer } from './catalog-pointer.ts'

export interface GluePointerOptions extends AwsOptions {
  readonly store: ObjectStore
  /** Before the tenant's name in its database's: '' or `estat_`. */
  readonly databasePrefix: string
}

const named = (error: unknown, ...names: readonly string[]): boolean =>
  error instanceof Error && names.includes(error.name)

export function gluePointer(options: GluePointerOptions): TablePointer {
  const { store, databasePrefix } = options
  const root = `s3://${store.bucket}/`
  const glue = new GlueClient(awsClientConfig(options))
  const databaseOf = (tenant: string): string => `${databasePrefix}${tenant}`

  const entryOf = async ({ tenant, name }: TablePlace): Promise<Table | null> => {
    try {
      const { Table } = await glue.send(new GetTableCommand({ DatabaseName: databaseOf(tenant), Name: name }))
      return Table ?? null
    } catch (error) {
      if (named(error, 'EntityNotFoundException')) return null
      throw error
    }
  }

  /** Where the entry points, as a key: within the table's own folder of our bucket. */
  const keyOf = (entry: Table, { name, prefix }: TablePlace): string => {
    const location = entry.Parameters?.[METADATA_LOCATION] ?? ''
    if (isIceberg(entry) && location.startsWith(`${root}${prefix}/`)) return location.slice(root.length)
    throw fault('DATA_TRANSFORM_ERROR', `Table ${name} in Glue is not one that this server keeps.`, {
      hint: 'Load into a table of another name, or ask the operator to drop that table in Glue.',
    })
  }

  /** Whether a metadata file is the table, or was it at some time: the current one's log remembers. */
  const ours = async (place: TablePlace, location: string): Promise<Found> => {
    const entry = await entryOf(place)
    if (entry === null) return { landed: false, version: null }
    const key = keyOf(entry, place)
    if (`${root}${key}` === location) return { landed: true, version: entry.VersionId ?? null }
    const bytes = await store.get(key)
    const text = bytes === null ? '' : new TextDecoder().decode(bytes)
    return { landed: text.includes(JSON.stringify(location)), version: entry.VersionId ?? null }
  }

  /** Writes the metadata file, then does what makes it the table. */
  const place = async (
    at: TablePlace,
    version: number,
    metadata: TableMetadata,
    base: string | null,
    act: (location: string) => Promise<unknown>,
  ): Promise<boolean> => {
    const key = `${at.prefix}/metadata/${String(version).padStart(5, '0')}-${randomUUID()}.metadata.json`
    await store.put(key, new TextEncoder().encode(printJson(metadata)))
    const location = `${root}${key}`
    const landed = await settled({ act: () => act(location), find: () => ours(at, location), base })
    if (landed !== true) await deleteQuietly(store, [key])
    if (typeof landed === 'boolean') return landed
    throw awsFault(landed.refused, 'Glue', base === null ? 'glue:CreateTable' : 'glue:UpdateTable')
  }

  const create = async (at: TablePlace, metadata: TableMetadata, location: string): Promise<void> => {
    const DatabaseName = databaseOf(at.tenant)
    const table = new CreateTableCommand({ DatabaseName, TableInput: tableInput(at.name, null, metadata, location) })
    try {
      await glue.send(table)
    } catch (error) {
      if (!named(error, 'EntityNotFoundException')) throw error
      const LocationUri = `${root}${at.tenant}/iceberg/`
      await glue
        .send(new CreateDatabaseCommand({ DatabaseInput: { Name: DatabaseName, LocationUri } }))
        .catch((raced) => {
          if (!named(raced, 'AlreadyExistsException')) throw raced
        })
      await glue.send(table)
    }
  }

  return {
    list: (tenant) =>
      asking('glue:GetTables', async () => {
        const names: string[] = []
        for await (const entry of entries(glue, databaseOf(tenant)))
          if (isIceberg(entry) && entry.Name !== undefined) names.push(entry.Name)
        return names.toSorted()
      }),

    current: (at) =>
      asking('glue:GetTable', async (): Promise<CurrentMetadata | null> => {
        const entry = await entryOf(at)
        if (entry === null) return null
        const key = keyOf(entry, at)
        const version = Number(/\/(\d+)-[^/]+$/.exec(key)?.[1] ?? 0)
        const VersionId = entry.VersionId
        if (VersionId === undefined) throw fault('AWS_SERVICE_ERROR', 'Glue names no version of the table.')
        return {
          key,
          location: `${root}${key}`,
          swap: (metadata) =>
            place(at, version + 1, metadata, VersionId, (location) =>
              glue.send(
                new UpdateTableCommand({
                  DatabaseName: databaseOf(at.tenant),
                  TableInput: tableInput(at.name, entry, metadata, location),
                  VersionId,
                  // Iceberg keeps the history itself; Glue's own copies of it would only run into its limit.
                  SkipArchive: true,
                }),
              ),
            ),
        }
      }),

    create: (at, metadata) => place(at, 0, metadata, null, (location) => create(at, metadata, location)),
  }
}

async function* entries(glue: GlueClient, DatabaseName: string): AsyncGenerator<Table> {
  let NextToken: string | undefined
  do {
    let page: GetTablesCommandOutput
    try {
      page = await glue.send(new GetTablesCommand({ DatabaseName, NextToken }))
    } catch (error) {
      if (named(error, 'EntityNotFoundException')) return
      throw error
    }
    yield* page.TableList ?? []
    NextToken = page.NextToken
  } while (NextToken !== undefined)
}

async function asking<T>(action: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw isAwsError(error) ? awsFault(error, 'Glue', action) : error
  }
}
