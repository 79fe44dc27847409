/** Words for readers, in the two languages that answers are given in. */

/** As e-Stat's own `lang`. */
export type Lang = 'J' | 'E'

/** The same said in both. */
export type Words = Readonly<Record<Lang, string>>

export const both = (J: string, E: string): Words => ({ J, E })

/** `総数、男、女`; `total, male, female`. */
export const listed = (lang: Lang, items: readonly string[]): string => items.join(lang === 'J' ? '、' : ', ')

/** `1,913`, in either language. */
export const figure = (count: number): string => count.toLocaleString('en')

/** English: `1 row`, `1,913 rows`. Japanese has no plural. */
export const plural = (count: number, noun: string): string => `${figure(count)} ${noun}${count === 1 ? '' : 's'}`
