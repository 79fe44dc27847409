import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { isTooDeep, MOST_JSON_DEPTH } from '../../shared/json-depth.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0

it('tells exactly how deep any JSON is nested', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), fc.nat(8), (value, most) => {
      expect(isTooDeep(bytes(JSON.stringify(value)), most)).toBe(depthOf(value) > most)
    }),
  )
})

it.each([
  ['["[[[[", "\\"[[[["]', 1, false],
  ['["\\\\", [1]]', 1, true],
  ['{"人口［": {"「": []}}', 3, false],
  ['{"人口［": {"「": []}}', 2, true],
  [`${'['.repeat(MOST_JSON_DEPTH)}${']'.repeat(MOST_JSON_DEPTH)}`, MOST_JSON_DEPTH, false],
  ['['.repeat(MOST_JSON_DEPTH + 1), MOST_JSON_DEPTH, true],
  [']]]]', 1, false],
  ['', 0, false],
])('%s, %d: %s', (text, most, tooDeep) => {
  expect(isTooDeep(bytes(text), most)).toBe(tooDeep)
})
