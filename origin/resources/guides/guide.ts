import type { Words } from '../../estat/words.ts'

/** A page for a model that works with e-Stat: few words, each of them needed. */
export interface Guide {
  /** The last part of its URI. */
  readonly topic: string
  /** Japanese · English. */
  readonly title: string
  /** Markdown. */
  readonly text: Words
}
