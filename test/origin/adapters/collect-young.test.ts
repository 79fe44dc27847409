import { afterEach, expect, it, vi } from 'vitest'
import { collectYoung } from '../../../origin/adapters/collect-young.ts'

const MB = 1024 * 1024
afterEach(() => vi.unstubAllGlobals())

it('collects young objects alone, once for so many bytes, whatever the pieces', () => {
  const asked: unknown[] = []
  vi.stubGlobal('gc', (how: unknown) => void asked.push(how))
  for (let piece = 0; piece < 9; piece++) collectYoung(MB)
  expect(asked).toEqual([0, 1].map(() => ({ type: 'minor', execution: 'sync' })))
  collectYoung(40 * MB)
  expect(asked).toHaveLength(3)
})

it('does nothing where a process was not told to allow it', () => {
  vi.stubGlobal('gc', undefined)
  expect(() => collectYoung(40 * MB)).not.toThrow()
})
