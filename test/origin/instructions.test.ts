import { getEncoding } from 'js-tiktoken'
import { expect, it } from 'vitest'
import { INSTRUCTIONS } from '../../origin/instructions.ts'
import { TOOLS } from '../../origin/tools/registry.ts'

it('stay short, name tools that exist, and are plain text', () => {
  expect(getEncoding('o200k_base').encode(INSTRUCTIONS).length).toBeLessThanOrEqual(250)
  const named = INSTRUCTIONS.match(/\b[a-z]+(?:_[a-z]+)+\b/g) ?? []
  const known = new Set([...TOOLS.map(({ name }) => name), 'job_id', 'next_cursor'])
  expect(named.length).toBeGreaterThan(5)
  expect(named.filter((name) => !known.has(name))).toEqual([])
})
