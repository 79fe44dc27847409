/** Dates and spans of dates as parameters and answers have them. */

/**
 * Periods overlap: a survey date of 202104-202203 is found under 202201 (recorded).
 *
 * @param asked `yyyy`, `yyyymm`, `yyyymmdd`, or two of them joined by `-`.
 * @param held The same, or 0 or "" where not known, which matches nothing.
 */
export function overlaps(asked: string, held: string): boolean {
  if (held === '' || held === '0') return false
  const [askedFrom = '', askedTo = askedFrom] = asked.split('-')
  const [heldFrom = '', heldTo = heldFrom] = held.split('-')
  return heldFrom.padEnd(8, '0') <= askedTo.padEnd(8, '9') && askedFrom.padEnd(8, '0') <= heldTo.padEnd(8, '9')
}

/** `yyyy-mm-dd` as `overlaps` takes it. */
export const compact = (date: string): string => date.replaceAll('-', '')
