/** The text twin of a described lake table. */
import type { LakeTablesOutput } from './lake-tables.ts'

export const renderLakeTable = ({
  columns,
  axes,
  snapshots,
  sources,
}: NonNullable<LakeTablesOutput['table']>): readonly string[] => [
  ...(columns.length === 0 ? [] : [`Columns: ${columns.map(({ name, type }) => `${name} ${type}`).join(', ')}`]),
  ...axes.map(
    ({ axis, codes, dictionary }) =>
      `${axis} (${codes} codes): ${dictionary.map((one) => `${one.code} ${one.name ?? ''}${one.role === null || one.role === 'unknown' ? '' : ` [${one.role}]`}`).join(', ')}${dictionary.length < codes ? ', …' : ''}`,
  ),
  ...(snapshots.length === 0
    ? []
    : [
        `Snapshots: ${snapshots.map((one) => `${one.snapshot_id} ${one.committed_at} ${one.operation} ${one.rows} rows`).join('; ')}`,
      ]),
  ...sources.map(({ citation }) => citation),
]
