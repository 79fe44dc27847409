/** Why `npm start` cannot go on: shown as one line, without a stack trace, with exit code 1. */
export class StartError extends Error {
  override readonly name = 'StartError'
}

/** The code of a failed system call ("EACCES"), or null. */
export const systemCode = (error: unknown): string | null =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null

/** What people call the failures of a file system. @param advice what to do about it. */
export function sayFileFailure(what: string, error: unknown, advice = 'Run this in a folder of your own.'): StartError {
  const code = systemCode(error) ?? 'unknown'
  const why: Record<string, string> = {
    EACCES: 'it belongs to another user',
    EPERM: 'it belongs to another user',
    EROFS: 'the disk is read-only',
    ENOSPC: 'the disk is full',
    ENOTDIR: 'a file is where a folder must be',
    ENOENT: 'nothing can be made there',
    EEXIST: 'a file is where a folder must be',
  }
  return new StartError(`${what} cannot be written (${why[code] ?? code}). ${advice}`)
}
