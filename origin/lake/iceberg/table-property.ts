/** Settings that a table carries in its properties (Iceberg documentation, "Configuration"). */
import type { TableMetadata } from './metadata.ts'

/** A whole number of 1 and up; `otherwise` where the table says nothing, or nothing that can be read. */
export function positiveProperty({ properties }: TableMetadata, name: string, otherwise: number): number {
  const value = Number(properties?.[name] ?? Number.NaN)
  return Number.isSafeInteger(value) && value >= 1 ? value : otherwise
}
