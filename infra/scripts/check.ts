/**
 * `npm run check`: format, lint, types, unused code, generated documents, tests; stops at the first failure. The suites
 * that start whole servers (`test/slow`, `test/e2e`, `test/platform`) are left to `npm test` and CI: this stays within
 * three minutes.
 * `--no-tests` leaves the suite out, for where it has run already.
 */
import { spawnSync } from 'node:child_process'
import { projectRoot } from './local-state.ts'

interface Step {
  readonly name: string
  readonly command: readonly [string, ...string[]]
}

const WHOLE_SERVERS = ['test/slow/**', 'test/e2e/**', 'test/platform/**']

const STEPS: readonly Step[] = [
  { name: 'format', command: ['biome', 'format', '.'] },
  { name: 'lint', command: ['oxlint', '--type-aware', '.'] },
  { name: 'types', command: ['tsc', '-b'] },
  { name: 'unused', command: ['knip'] },
  { name: 'documents', command: ['node', 'infra/scripts/docs.ts', '--check'] },
  { name: 'tests', command: ['vitest', 'run', ...WHOLE_SERVERS.flatMap((folder) => ['--exclude', folder])] },
]

const started = Date.now()
const seconds = (since: number): string => `${((Date.now() - since) / 1000).toFixed(1)} s`
const steps = process.argv.includes('--no-tests') ? STEPS.filter(({ name }) => name !== 'tests') : STEPS

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
