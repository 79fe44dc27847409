/** The judge of the fault matrix sees what it is there to see. */
import { describe, expect, it } from 'vitest'
import { judge, type Outcome } from './fault-matrix.ts'

const answer = (...lines: string[]): Outcome => ({
  kind: 'answer',
  text: JSON.stringify({ rows: lines.length, lines }),
})
const refusal = (code: string, message = 'e-Stat could not be reached.', left: readonly string[] = []): Outcome => ({
  kind: 'refusal',
  code,
  message,
  left,
})
const right = answer('a,1', 'b,2')

describe('judge', () => {
  it.each<[string, Outcome, RegExp]>([
    ['the right answer', answer('a,1', 'b,2'), /^right$/],
    ['another figure', answer('a,1', 'b,3'), /^WRONG: an answer/],
    ['a row lost', answer('a,1'), /^WRONG: an answer/],
    ['a row doubled', answer('a,1', 'a,1', 'b,2'), /^WRONG: an answer/],
    ['nothing, as a success', answer(), /^WRONG: an answer/],
    ['a refusal that says to come again', refusal('ESTAT_UNAVAILABLE'), /^refused$/],
    ['a refusal that blames the caller', refusal('INVALID_PARAMETER'), /^WRONG: refused as/],
    ['a refusal that says there is nothing', refusal('NO_DATA'), /^WRONG: refused as/],
    ['upstream text', refusal('ESTAT_UNAVAILABLE', 'ただいまメンテナンス中です'), /^WRONG: upstream/],
    ['an address', refusal('ESTAT_UNAVAILABLE', 'failed: https://x/?appId=1'), /^WRONG: upstream/],
    ['half a file', refusal('ESTAT_UNAVAILABLE', 'gone', ['estat/csv/whole.csv']), /^WRONG: 1 objects/],
  ])('%s', (_, outcome, verdict) => {
    expect(judge(outcome, [refusal('ESTAT_UNAVAILABLE'), right])).toMatch(verdict)
  })
})
