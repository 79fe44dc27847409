/** A table's id and its page at e-Stat. */
import { readTableId } from '../../shared/cacheable/table-id.ts'
import { fault } from '../../shared/fault.ts'

/** The page of a table (PRODUCT.md, promise 2). */
export const tableUrl = (id: string): string => `https://www.e-stat.go.jp/dbview?sid=${id}`

/**
 * The ten digits a caller means: the id itself, also in full-width digits, or the URL of the table's page.
 * @throws Fault INVALID_PARAMETER for anything else; an id that has lost its leading zeros is not completed.
 */
export function parseTableId(input: string): string {
  const id = readTableId(input)
  if (id !== null) return id
  const text = input.normalize('NFKC').trim()
  throw fault('INVALID_PARAMETER', `"${text.slice(0, 60)}" is not a table id (statsDataId).`, {
    hint: 'An id has exactly ten digits, leading zeros included, e.g. "0003410379". Find one with search_estat_data.',
  })
}
