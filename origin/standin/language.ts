/** lang=E: English texts where a table has them, Japanese ones where it has not (reference/estat-api.md, 2.1). */
import type { Parameters } from './parameters.ts'
import type { StandinListing, StandinTable } from './table.ts'

const isEnglish = (sent: Parameters): boolean => sent.get('lang') === 'E'

export const listingIn = <Listing extends StandinListing>(sent: Parameters, listing: Listing): Listing =>
  isEnglish(sent) && listing.englishInfo !== undefined ? { ...listing, info: listing.englishInfo } : listing

export const tableIn = (sent: Parameters, table: StandinTable): StandinTable =>
  listingIn(sent, isEnglish(sent) && table.english !== undefined ? { ...table, ...table.english } : table)
