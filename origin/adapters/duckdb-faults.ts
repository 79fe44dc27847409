/** What DuckDB says, in words a caller may see: its own text holds paths and settings. */
import { Fault, fault } from '../../shared/fault.ts'
import { diskFault } from './store-local-faults.ts'

/** A Fault for a failure of our own statements (not of a caller's SQL). A Fault passes through. */
export function duckFault(error: unknown): unknown {
  if (error instanceof Fault || !(error instanceof Error)) return error
  if ('code' in error) return diskFault(error)
  if (/no space left|disk is full|max_temp_directory_size/i.test(error.message))
    return diskFault(Object.assign(new Error(error.message), { code: 'ENOSPC' }))
  if (/permission denied|read-only file system/i.test(error.message))
    return diskFault(Object.assign(new Error(error.message), { code: 'EACCES' }))
  if (error.message.startsWith('Out of Memory'))
    return fault('TOO_LARGE', 'The data does not fit the memory that the server may use.', { cause: error })
  if (/^(Invalid Input|Conversion|IO) Error/.test(error.message))
    return fault('DATA_TRANSFORM_ERROR', 'A page of the fetch is damaged.', { cause: error })
  return fault('DATA_TRANSFORM_ERROR', 'The data could not be turned into Parquet.', { cause: error })
}
