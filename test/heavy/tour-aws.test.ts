/** `npm run tour:aws` as a person runs it: real processes, and the same lines as the tour on this disk. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '../..')

it('takes the tour on AWS adapters', { timeout: 180_000 }, async () => {
  const run = promisify(execFile)(process.execPath, [join(root, 'infra/scripts/tour-aws.ts')], { cwd: root })
  const { stdout } = await run
  expect(stdout).toContain('2020: 14,047,594 人')
  expect(stdout).toContain('15,313 rows before, 15,313 loaded, 15,313 after')
  expect(stdout).toMatch(/The tour holds: 12 steps[^]*exit code 0[^]*to Glue, 5 of 5 queries on Athena\.\n$/)
})
