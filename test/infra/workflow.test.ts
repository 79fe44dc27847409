import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

/** Two lists of checks drift apart: the public CI runs the very script that the README's checks are in. */
it('the public CI runs .ci/run and nothing of its own', () => {
  const workflow = readFileSync(new URL('../../.github/workflows/check.yml', import.meta.url), 'utf8')
  expect([...workflow.matchAll(/^\s*- run: (.+)$/gm)].map(([, command]) => command)).toEqual(['.ci/run'])
})
