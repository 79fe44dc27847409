/**
 * `npm run test:runtimes`: the edge's own tests inside Bun and inside Deno, as they run inside Node (reference
 * toolchain.md, "Bun and Deno"). Exits 1 where one fails.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { BUN, DENO } from './runtime-commands.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const TESTS = ['test/edge', 'test/shared']

/** It makes Node collect garbage by V8's own flags, for a fault that Node alone has. */
const NODE_ALONE = 'test/shared/holding.test.ts'

const RUNTIMES: Readonly<Record<string, readonly string[]>> = { bun: [...BUN, '--bun'], deno: [...DENO, '-A'] }

const asked = process.argv.slice(2)
const failed = Object.entries(RUNTIMES)
  .filter(([name]) => asked.length === 0 || asked.includes(name))
  .filter(([name, [program = '', ...flags]]) => {
    process.stdout.write(`\n== ${name}\n`)
    const args = [...flags, `${root}node_modules/vitest/vitest.mjs`, 'run', ...TESTS, '--exclude', NODE_ALONE]
    const env = { ...process.env, TEST_RUNTIME: name }
    return spawnSync(program, args, { cwd: root, stdio: 'inherit', env }).status !== 0
  })
process.exitCode = failed.length === 0 ? 0 : 1
