/**
 * The tools whose answers the edge may keep: for each, how to read its arguments and what makes two calls the same.
 *
 * **Validators.** An answer about a table holds until the table's update date changes. `POST /execute` of the origin
 * answers one as `ETag` (`VALIDATOR_HEADER`) beside what may be kept, where the tool has one; sent back with the same
 * tool and arguments as `If-None-Match` (`KNOWN_HEADER`), it is answered by 304 without a body where the kept answer
 * still holds, and by a new answer otherwise. It is weak (RFC 9110, 8.8.1): two answers under one differ in the time of
 * retrieval. Section 13.1.2 has 304 for GET and HEAD; this POST only reads, and has its arguments in its body.
 */
import type * as z from 'zod'
import type { Scope } from '../server-info.ts'
import { describeDataset } from './describe-dataset.ts'
import { fetchDatasetAuto } from './fetch-dataset-auto.ts'
import { fetchDatasetFiltered } from './fetch-dataset-filtered.ts'
import { lookup } from './lookup.ts'
import { searchEstatData } from './search-estat-data.ts'
import { searchFiles } from './search-files.ts'

/** Of an answer of the origin. Absent: the answer cannot be asked for conditionally. */
export const VALIDATOR_HEADER = 'etag'
/** Of a request to the origin: the validator of the answer at hand. */
export const KNOWN_HEADER = 'if-none-match'

export interface Cacheable<In extends z.ZodObject = z.ZodObject> {
  readonly name: string
  readonly input: In
  /** Equal meaning, equal object, keys in one fixed order; idempotent. Takes what `parseArguments` gave. */
  normalise(parsed: z.infer<In>): z.infer<In>
  /**
   * Whether this call, by a caller of these scopes, keeps something: then no cache may answer it, nor keep its answer.
   * Never where absent. Takes what `normalise` gave.
   */
  keeps?(args: z.infer<In>, scopes: readonly Scope[]): boolean
}

/** By tool name. A tool that is not here is forwarded uncached (HOUSE.md, habit 3). */
export const CACHEABLE: Readonly<Record<string, Cacheable>> = {
  [searchEstatData.name]: searchEstatData,
  [lookup.name]: lookup,
  [searchFiles.name]: searchFiles,
  [describeDataset.name]: describeDataset,
  [fetchDatasetAuto.name]: fetchDatasetAuto,
  [fetchDatasetFiltered.name]: fetchDatasetFiltered,
}
