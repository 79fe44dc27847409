/** Which calls of the fetch tools keep rows in the caller's lake. */
import { hasScope } from '../scope.ts'
import type { Scope } from '../server-info.ts'

/** A page asked for by cursor keeps nothing, whatever is asked: the first call did. */
export const saves = ({ save_to_s3, cursor }: { readonly save_to_s3: boolean; readonly cursor?: string | undefined }) =>
  save_to_s3 && cursor === undefined

/**
 * Rows are kept for a caller with `lake`. One with `read` alone is told that they were not: that answer may be cached
 * under arguments with `save_to_s3` true, where only callers of `read` alone look, since for all others this is true.
 * Under `save_to_s3` false the answer is the same for everyone.
 *
 * @param args As `normalise` gives them.
 */
export const keepsRows = (args: { readonly save_to_s3: boolean }, scopes: readonly Scope[]): boolean =>
  args.save_to_s3 && hasScope({ scopes }, 'lake')
