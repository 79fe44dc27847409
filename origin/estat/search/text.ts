/** The written form that search compares: what a query and a title have in common when only typing differs. */
import { fold } from '../../../shared/cacheable/fold.ts'

/**
 * `fold`, then letters and digits only, in words apart by one blank:
 * "男女，年齢 －（Ｈ２７）" is "男女 年齢 h27". The prolonged sound mark and 々 are letters (Unicode Lm).
 */
export const searchForm = (text: string): string => lettersOf(fold(text))

/** The search form of a text that is folded already. */
export const lettersOf = (folded: string): string => folded.replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ').trim()

/** Latin letters and digits alone: a term that must match whole words ("it" is not in "with"). */
export const isLatin = (text: string): boolean => /^[a-z0-9 ]+$/.test(text)

/** The words of a search form. */
export const wordsOf = (form: string): string[] => form.split(' ').filter((word) => word !== '')
