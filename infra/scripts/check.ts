/**
 * `npm run check`: format, lint, types, unused code, generated documents, tests; stops at the first failure.
 * `--no-tests` leaves the suite out, for where it has run already.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from './local-state.ts'

interface Step {
  readonly name: string
  readonly command: readonly [string, ...string[]]
}

const STEPS: readonly Step[] = [
  { name: 'format', command: ['biome', 'format', '.'] },
  { name: 'lint', command: ['oxlint', '--type-aware', '.'] },
  { name: 'types', command: ['tsc', '-b'] },
  { name: 'unused', command: ['knip'] },
  { name: 'documents', command: ['node', 'infra/scripts/docs.ts', '--check'] },
  { name: 'tests', command: ['vitest', 'run'] },
]

const started = Date.now()
const seconds = (since: number): string => `${((Date.now() - since) / 1000).toFixed(1)} s`
const left = process.argv.includes('--no-tests') ? ['tests'] : []
if (!existsSync(join(projectRoot, 'infra/scripts/docs.ts'))) left.push('documents')
const steps = STEPS.filter(({ name }) => !left.includes(name))

for (const { name, command } of steps) {
  const [program, ...args] = command
  const since = Date.now()
  console.log(`\n== ${name}: ${command.join(' ')}`)
  const { status, signal } = spawnSync(program, args, { cwd: projectRoot, stdio: 'inherit' })
  console.log(`== ${name}: ${status === 0 ? 'ok' : `failed (${signal ?? status})`}, ${seconds(since)}`)
  if (status !== 0) {
    console.log(`\nThe check stopped at "${name}".`)
    process.exit(1)
  }
}
console.log(`\nAll ${steps.length} steps passed in ${seconds(started)}.`)
