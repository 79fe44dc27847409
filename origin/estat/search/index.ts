/** Search over our own catalogue (PRODUCT.md section 3): `buildIndex` once for a catalogue, `search` for each question. */
export { buildIndex, type SearchIndex } from './build-index.ts'
export { PARTS } from './score.ts'
export { type SearchHit, type SearchOutcome, search } from './search.ts'
