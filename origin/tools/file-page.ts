/** One page of files out of a page of data sets: e-Stat counts and pages the sets, a caller asks for files. */
import type { FilesPage } from '../ports.ts'
import { fitting } from './budget.ts'
import { type FileRow, toFileRow } from './file-listing.ts'

/** A position is a data set and a file of it: no data set has as many files. */
const PER_DATASET = 100_000

/** Both 0-based. */
interface Place {
  readonly dataset: number
  readonly file: number
}

/** @param position Of a cursor. */
export const placeOf = (position: number): Place => ({
  dataset: Math.floor(position / PER_DATASET),
  file: position % PER_DATASET,
})

interface Shown {
  readonly results: readonly FileRow[]
  /** Position of the file that follows; null at the end. */
  readonly next: number | null
  readonly matched: number | null
}

export const UNHEARD: Shown = { results: [], next: null, matched: null }

/** Files from `at` on, as many as were asked for and fit an answer. */
export function rowsOf({ datasets, nextKey }: FilesPage, formats: readonly string[], at: Place, most: number): Shown {
  const all = datasets.flatMap((dataset, index) =>
    dataset.files
      .map((file, place) => ({ file, place }))
      // A data set of the kind asked for may list files of other kinds beside them.
      .filter(
        ({ file, place }) => (formats.length === 0 || formats.includes(file.format)) && (index > 0 || place >= at.file),
      )
      .map(({ file, place }) => ({
        row: toFileRow(dataset, file),
        position: (at.dataset + index) * PER_DATASET + place,
      })),
  )
  const rows = all.slice(0, most).map(({ row }) => row)
  const results = rows.slice(0, fitting(rows))
  const following = all[results.length]?.position ?? (nextKey === null ? null : (nextKey - 1) * PER_DATASET)
  const isWhole = at.dataset === 0 && at.file === 0 && nextKey === null
  return { results, next: following, matched: isWhole ? all.length : null }
}
