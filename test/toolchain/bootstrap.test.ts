/** What `npm start` and `npm test` do before anything is installed: decisions, and the real file on the Node at hand. */
import { execFile } from 'node:child_process'
import { cp, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { atLeast, sayInstallFailure, whyInstall } from '../../infra/scripts/bootstrap/toolchain.mjs'
import { planted } from './planted.ts'

const scripts = join(import.meta.dirname, '../../infra/scripts')

describe('deciding', () => {
  it('compares versions by number', () => {
    expect(atLeast('v20.20.2', [20, 0])).toBe(true)
    expect(atLeast('v9.11.0', [20, 0])).toBe(false)
    expect(atLeast('v22.9.0', [22, 18])).toBe(false)
    expect(atLeast('v24.0.0', [22, 18])).toBe(true)
  })

  it('installs when something is missing or changed, and only then', () => {
    const lock = {
      packages: {
        '': { version: '0.1.0' },
        'node_modules/hono': { version: '4.0.0', integrity: 'a' },
        'node_modules/a/node_modules/b': { version: '1.0.0', integrity: 'b' },
        'node_modules/only-on-darwin': { version: '1.0.0', optional: true },
        'infra/node': { version: '24.0.0' },
      },
    }
    const { '': _, 'node_modules/only-on-darwin': __, ...installed } = lock.packages
    expect(whyInstall(lock, { packages: installed })).toBeNull()
    expect(whyInstall(lock, null)).toBe('first start in this folder')
    const { 'node_modules/hono': ___, ...without } = installed
    expect(whyInstall(lock, { packages: without })).toBe('hono is missing')
    const older = { ...installed, 'node_modules/a/node_modules/b': { version: '0.9.0', integrity: 'c' } }
    expect(whyInstall(lock, { packages: older })).toBe('b has changed')
  })

  it('says in one line why npm failed', () => {
    expect(sayInstallFailure('npm error code ENOTFOUND\nnpm error network request failed')).toMatch(
      /reach its registry/,
    )
    expect(sayInstallFailure('npm error code EROFS\nnpm error syscall mkdir')).toMatch(/cannot write.*EROFS/)
    expect(sayInstallFailure('npm error code EUSAGE\nnpm error Missing: x from lock file')).toBe(
      'npm ci failed: Missing: x from lock file. Run "npm ci" to see the whole of it.',
    )
    for (const output of ['', 'npm error code EX', 'ECONNREFUSED\n\nEACCES'])
      expect(sayInstallFailure(output)).not.toMatch(/\n/)
  })
})

interface Outcome {
  readonly code: number
  readonly output: string
}

/** Runs the bootstrap of a clone. */
function bootstrap(
  root: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  return new Promise((resolve) => {
    const entry = join(root, 'infra/scripts/bootstrap.mjs')
    execFile(process.execPath, [entry, ...args], { env: { ...process.env, ...env } }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, output: stdout + stderr })
    })
  })
}

/** A clone that holds the bootstrap and `files`. */
async function clone(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await planted(files)
  await mkdir(join(root, 'infra/scripts'), { recursive: true })
  for (const name of ['bootstrap.mjs', 'bootstrap'])
    await cp(join(scripts, name), join(root, 'infra/scripts', name), { recursive: true })
  return root
}

const NOTHING_NEEDED = { 'package-lock.json': '{"packages":{}}', 'node_modules/.package-lock.json': '{"packages":{}}' }

describe('running', () => {
  it('hands arguments, environment and exit code through', async () => {
    const root = await clone({
      ...NOTHING_NEEDED,
      'infra/scripts/tour.ts':
        'const words: string[] = process.argv.slice(2)\nconsole.log(words, process.cwd(), process.env.TOLD)\nprocess.exitCode = 7',
      'package.json': '{"type":"module"}',
    })
    const { code, output } = await bootstrap(root, ['tour', '--url', 'http://127.0.0.1:1'], { TOLD: 'something' })
    expect(code).toBe(7)
    expect(output).toContain("[ '--url', 'http://127.0.0.1:1' ]")
    expect(output).toContain('something')
  })

  it('refuses an unknown command in one line', async () => {
    const { code, output } = await bootstrap(await clone(NOTHING_NEEDED), ['stat'])
    expect([code, output.trim().split('\n').length]).toEqual([1, 1])
    expect(output).toContain('Known: start, tour, check, docs, test.')
  })

  it('says that the registry cannot be reached', async () => {
    const lock = {
      name: 'x',
      lockfileVersion: 3,
      packages: { '': { dependencies: { a: '1.0.0' } }, 'node_modules/a': { version: '1.0.0' } },
    }
    const root = await clone({
      'package.json': '{"name":"x","dependencies":{"a":"1.0.0"}}',
      'package-lock.json': JSON.stringify(lock),
    })
    await writeFile(join(root, '.npmrc'), 'registry=http://127.0.0.1:9/\nfetch-retries=0\n')
    const { code, output } = await bootstrap(root, ['test'])
    expect(code).toBe(1)
    expect(output.trim().split('\n')).toEqual([
      'Installing packages (first start in this folder); this takes a minute or less ...',
      expect.stringContaining('npm cannot reach its registry.'),
    ])
  })

  it('says that the lock file is missing', async () => {
    const { code, output } = await bootstrap(await clone({}), ['start'])
    expect(code).toBe(1)
    expect(output).toMatch(/^package-lock\.json is missing or damaged\..*\n$/)
  })
})
