/** What search hands from step to step. */
import type { AreaHint } from './areas.ts'
import type { YearSpan } from './years.ts'

/** One idea of the question. A table meets it by the word itself or by any of the terms beside it. */
export interface Group {
  /** Search form (`text.ts`). Always searched for: the dictionary widens, it never replaces. */
  readonly word: string
  readonly also: readonly string[]
  /** Raises what has it and excludes nothing (推移, 最新). */
  readonly soft: boolean
  /** Says how something is counted, not what: weighs little. */
  readonly generic: boolean
}

export interface SurveyHint {
  /** Eight digits; "" where the catalogue does not know it. */
  readonly code: string
  readonly name: string
  /** A code binds the answer to that survey; a name raises it; the dictionary raises it a little. */
  readonly by: 'code' | 'name' | 'dictionary'
}

export interface Suggestion {
  /** The everyday word as it was asked. */
  readonly from: string
  /** The usual official term. */
  readonly to: string
  readonly alternatives: readonly string[]
}

/** A question, understood. */
export interface Understanding {
  readonly groups: readonly Group[]
  /** Words beyond the most that one question may hold. */
  readonly ignored: readonly string[]
  /** Words asked side by side, as a title would join them: worth more where one does. */
  readonly phrases: readonly string[]
  readonly years: YearSpan | null
  readonly areas: readonly AreaHint[]
  readonly surveys: readonly SurveyHint[]
  /** statsDataIds that the catalogue holds. */
  readonly ids: readonly string[]
  /** 最新: newer weighs more. */
  readonly latest: boolean
  /** 小地域, メッシュ: tables of small areas are wanted. */
  readonly smallArea: boolean
  readonly suggestions: readonly Suggestion[]
}

/** What the words of a question are looked up in. */
export interface Lexicon {
  /** Whether any title or survey name holds the text (search form), or our dictionary of surveys has it as a word. */
  occurs(text: string): boolean
  hasId(id: string): boolean
  /** Distinct surveys; `form` is the search form of the name. */
  readonly surveys: readonly { readonly code: string; readonly name: string; readonly form: string }[]
}
