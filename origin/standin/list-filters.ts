/** Which tables a list shows: the conditions of 統計表情報取得 (reference/estat-api.md, 2.2). */
import type { Parameters } from './parameters.ts'
import { compact, overlaps } from './periods.ts'
import { matchesWords } from './search-word.ts'
import type { StandinListing, StandinTable } from './table.ts'
import { childNamed, type Element, textOf, textsIn } from './tree.ts'

/** True where the table meets every condition but collectArea, which is asked of each of its listings. */
export function isListed(listing: StandinListing, sent: Parameters): boolean {
  const id = listing.id ?? listing.info.attributes['id'] ?? ''
  const child = (name: string): Element | null => childNamed(listing.info, name)
  const text = (name: string): string => textOf(child(name))
  const code = (name: string): string => child(name)?.attributes['code'] ?? ''
  return (
    isOfKind(id, sent.get('searchKind') ?? '1') &&
    meets(sent.get('surveyYears'), (asked) => overlaps(asked, text('SURVEY_DATE'))) &&
    meets(sent.get('openYears'), (asked) => overlaps(asked, compact(text('OPEN_DATE')))) &&
    meets(sent.get('updatedDate'), (asked) => overlaps(asked, compact(text('UPDATED_DATE')))) &&
    meets(sent.get('statsField'), (asked) => `${code('MAIN_CATEGORY')}${code('SUB_CATEGORY')}`.startsWith(asked)) &&
    meets(sent.get('statsCode'), (asked) => code(asked.length === 5 ? 'GOV_ORG' : 'STAT_NAME') === asked) &&
    meets(sent.get('searchWord'), (asked) => matchesWords(asked, haystackOf(listing)))
  )
}

const AREAS: Readonly<Record<string, string>> = { '1': '全国', '2': '都道府県', '3': '市区町村' }

/** collectArea, which small areas and meshes ignore. */
export const isFromArea = (area: string | null, sent: Parameters): boolean =>
  sent.get('searchKind') === '2' || meets(sent.get('collectArea'), (asked) => area === AREAS[asked])

/** True where nothing was asked. */
export const meets = (asked: string | undefined, test: (asked: string) => boolean): boolean =>
  asked === undefined || test(asked)

/** Small areas and meshes (searchKind 2) have ids of their own; SMALL_AREA does not tell (0 for meshes). */
const isOfKind = (id: string, kind: string): boolean => id.startsWith('8003') === (kind === '2')

const haystacks = new WeakMap<StandinListing, string>()

/** Titles and names of the table and, where they are known, of its classes. */
function haystackOf(listing: StandinListing): string {
  const known = haystacks.get(listing)
  if (known !== undefined) return known
  const classes =
    'axes' in listing
      ? (listing as StandinTable).axes.flatMap(({ name, items }) => [name, ...items.map((item) => item.name)])
      : []
  const made = [...textsIn(listing.info), ...classes].join('\n')
  haystacks.set(listing, made)
  return made
}
