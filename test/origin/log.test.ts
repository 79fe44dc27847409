import { expect, it } from 'vitest'
import { inOneGo } from '../../origin/log.ts'

it('writes the lines of one turn in one go, in their order, none twice', () => {
  const written: string[] = []
  const turns: (() => void)[] = []
  const lines = inOneGo(
    (text) => void written.push(text),
    (flush) => void turns.push(flush),
  )
  lines.write('a\n')
  lines.write('b\n')
  expect([written, turns.length]).toEqual([[], 1])
  turns[0]?.()
  lines.write('c\n')
  expect([written, turns.length]).toEqual([['a\nb\n'], 2])
  // The end of the process comes before the end of the turn.
  lines.flush()
  turns[1]?.()
  expect(written).toEqual(['a\nb\n', 'c\n'])
})
