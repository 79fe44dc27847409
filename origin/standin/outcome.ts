/** RESULT: statuses, their texts and their HTTP classes (reference/estat-api.md, section 4). */
import { branch, type Element, leaf } from './tree.ts'

/** What an operation answers, before it has a format. */
export interface Outcome {
  readonly status: number
  readonly message: string
  /** What follows RESULT and PARAMETER. */
  readonly body: readonly Element[]
  /** Where the root is not the operation's own: its name and schema. */
  readonly root?: { readonly name: string; readonly schema: string }
}

export const found = (body: readonly Element[]): Outcome => ({ status: 0, message: '正常に終了しました。', body })

export const nothingFound = (body: readonly Element[]): Outcome => ({
  status: 1,
  message: '正常に終了しましたが、該当データはありませんでした。',
  body,
})

export const NOT_AUTHENTICATED: Outcome = {
  status: 100,
  message: '認証に失敗しました。アプリケーションIDを確認して下さい。',
  body: [],
}

export const noSuchTable = (id: string): Outcome => ({
  status: 300,
  message: `statsDataId=[${id}]のデータは存在しません。IDを確認して下さい。`,
  body: [],
})

export const NO_SUCH_DATASET: Outcome = { status: 105, message: '指定されたデータセットは存在しません。', body: [] }

/**
 * A parameter at fault. e-Stat's own wording and number for these are not on record: the number is the first of
 * the class 300 to 401 that is not taken, the words are ours.
 */
export const badParameter = (words: string): Outcome => ({ status: 301, message: words, body: [] })

/** HTTP status of a STATUS: 0 to 2 are normal ends, 100 is 403, 200 to 299 are faults of the server. */
export function httpStatusOf(status: number): number {
  if (status <= 2) return 200
  if (status === 100) return 403
  return status >= 200 && status < 300 ? 500 : 400
}

/** @param now Milliseconds since the epoch; DATE is in Japan's time, with milliseconds. */
export const resultElement = ({ status, message }: Outcome, now: number): Element =>
  branch('RESULT', [leaf('STATUS', status), leaf('ERROR_MSG', message), leaf('DATE', japanTime(now))])

const JAPAN_OFFSET = 9 * 60 * 60 * 1000

/** ISO 8601 with milliseconds and the offset of Japan. */
export const japanTime = (now: number): string => `${new Date(now + JAPAN_OFFSET).toISOString().slice(0, -1)}+09:00`
