/**
 * What Athena bills for a query (its price page): bytes scanned, rounded up to a megabyte, 10 MB at least; nothing for a
 * result that was there already. Counted in decimal megabytes, so it is never less than the bill.
 */
const MB = 1_000_000
const TB = 1_000_000 * MB
const LEAST_MB = 10

/** @param usdPerTb Of the region: 5 in most. */
export function costOf(bytesScanned: number, reused: boolean, usdPerTb: number): number {
  if (reused) return 0
  const billed = Math.max(LEAST_MB, Math.ceil(bytesScanned / MB)) * MB
  return (billed / TB) * usdPerTb
}
