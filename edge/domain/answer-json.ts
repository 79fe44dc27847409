import type { Answer } from './framing.ts'

/** The parts of an answer as JSON text. */
export interface AnswerJson {
  readonly text: string
  readonly result: string
}

interface Written extends AnswerJson {
  /** The text as it was, by which another answer of the same result is told apart. */
  readonly of: string
}

/** For as long as the answer itself is held: what is kept is framed for one caller after the other. */
const written = new WeakMap<Answer['result'], Written>()

/** As `JSON.stringify` writes them, once for each answer. */
export function answerJson({ result, text }: Answer): AnswerJson {
  const known = written.get(result)
  if (known?.of === text) return known
  const json = { of: text, text: JSON.stringify(text), result: JSON.stringify(result) }
  written.set(result, json)
  return json
}
