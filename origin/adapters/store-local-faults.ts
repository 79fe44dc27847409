/** What the disk says, in words a caller may see. */
import { Fault, fault } from '../../shared/fault.ts'

/**
 * A Fault for a failure of the file system. The operating system's own text stays behind as the cause: it holds paths.
 * A Fault passes through, and what is not a file system error comes back as it was.
 */
export function diskFault(error: unknown): unknown {
  if (error instanceof Fault || !(error instanceof Error) || !('code' in error)) return error
  if (hasCode(error, 'ENOSPC', 'EDQUOT', 'EFBIG'))
    return fault('INTERNAL_ERROR', 'The disk that holds the data folder is full.', {
      hint: 'Free space on the disk, or ask the operator to; then call again.',
      cause: error,
    })
  if (hasCode(error, 'EROFS', 'EACCES', 'EPERM'))
    return fault('INTERNAL_ERROR', 'The data folder cannot be written to or read by the server.', {
      hint: 'Ask the operator to give the server a folder it may write to.',
      cause: error,
    })
  if (hasCode(error, 'ENOTDIR', 'EISDIR', 'EEXIST', 'ENAMETOOLONG', 'ELOOP'))
    return fault('INVALID_PARAMETER', 'The key clashes with another object of the lake.', {
      hint: 'Choose another name: one object cannot lie inside another.',
      cause: error,
    })
  return fault('INTERNAL_ERROR', 'The disk that holds the data folder failed.', {
    hint: 'Call again; if it stays, ask the operator to look at the disk.',
    cause: error,
  })
}

export const hasCode = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code))
