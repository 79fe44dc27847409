/** The walls of HOUSE.md, on the tree as it stands and on planted violations. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { planted } from './toolchain/planted.ts'
import { environmentReads, impurities, judged } from './toolchain/purity.ts'
import { CODE_FOLDERS, sourceFiles } from './toolchain/source-files.ts'
import { breaches, importsOf, runtimeModules } from './toolchain/walls.ts'

const root = join(import.meta.dirname, '..')
const SHIPPED = ['edge', 'origin', 'shared']
const PURE = ['edge/domain', 'origin/estat', 'origin/lake', 'shared']
/** Where the environment may be read: entries, scripts and tests. */
const READS_ENV = /^(origin\/main\.ts|edge\/platform\/|infra\/|test\/)/
const LONGEST_FILE = 300

describe('walls between folders', () => {
  it('holds for every shipped file, whatever way it imports', async () => {
    const entries = sourceFiles(root, SHIPPED)
    const imports = await importsOf(root, entries)
    expect(new Set(imports.map(({ from }) => from)).size).toBeGreaterThan(10)
    expect(breaches(imports)).toEqual([])
  })

  it('sees every real entry', () => {
    expect(sourceFiles(root, SHIPPED)).toEqual(
      expect.arrayContaining(['edge/platform/cloudflare.ts', 'origin/main.ts', 'shared/fault.ts']),
    )
  })

  it.each([
    ['edge/app.ts', "import '../origin/x.ts'", 'edge/ never imports origin/'],
    ['edge/app.ts', "export const load = () => import('../origin/x.ts')", 'edge/ never imports origin/'],
    ['origin/app.ts', "export { x } from '../edge/x.ts'", 'origin/ never imports edge/'],
    ['shared/a.ts', "import { x } from '../origin/x.ts'\nexport const y = x", 'shared/ runs anywhere'],
    ['shared/a.ts', "import { readFileSync } from 'fs'\nexport const y = readFileSync", 'shared/ runs anywhere'],
    ['edge/middleware/a.ts', "import 'node:fs'", 'edge/ runs on a bare Worker'],
    ['edge/middleware/a.ts', "import '../adapters/x.ts'", 'edge/ runs on a bare Worker'],
    ['edge/domain/a.ts', "export const h = () => import('hono')", 'edge/domain is pure'],
    ['origin/estat/a.ts', "import 'node:fs/promises'", 'origin/estat and origin/lake are pure'],
    ['origin/lake/a.ts', "import '@duckdb/node-api'", 'origin/estat and origin/lake are pure'],
    ['origin/lake/a.ts', "import '../adapters/x.ts'", 'origin/estat and origin/lake are pure'],
    ['origin/tools/a.ts', "import '../adapters/x.ts'", 'a tool reaches the world only through the ports it names'],
    ['origin/a.ts', "import '../test/x.ts'", 'what ships imports no scripts or tests'],
  ])('falls where %s has %s', async (path, source, why) => {
    const folder = await planted({
      [path]: source,
      ...Object.fromEntries(
        ['edge', 'origin', 'shared', 'test', 'edge/adapters', 'origin/adapters'].map((name) => [
          `${name}/x.ts`,
          'export const x = 1',
        ]),
      ),
    })
    expect(breaches(await importsOf(folder, [path])).join()).toContain(why)
  })

  it('falls where a violation hides behind a file in between', async () => {
    const folder = await planted({
      'edge/app.ts': "export const load = () => import('../shared/a.ts')",
      'shared/a.ts': "import '../origin/x.ts'",
      'origin/x.ts': 'export const x = 1',
    })
    expect(breaches(await importsOf(folder, ['edge/app.ts']))).toEqual([
      'shared/a.ts -> origin/x.ts (import-statement): shared/ runs anywhere',
    ])
  })
})

describe('the edge on a bare Worker', () => {
  it('needs no module of any runtime, packages and all', async () => {
    expect(await runtimeModules(root, 'edge/app.ts')).toEqual([])
  })

  it('falls where a package brings one along', async () => {
    const folder = await planted({
      'edge/app.ts': "export { hash } from 'innocent'",
      'node_modules/innocent/package.json': '{ "name": "innocent", "version": "1.0.0", "main": "index.js" }',
      'node_modules/innocent/index.js': "import { createHash } from 'crypto'\nexport const hash = createHash",
    })
    expect(await runtimeModules(folder, 'edge/app.ts')).toEqual(['crypto'])
  })
})

describe('purity', () => {
  it('holds for the folders that mean something', () => {
    const files = sourceFiles(root, PURE)
    expect(files.length).toBeGreaterThan(5)
    expect(judged(root, files, impurities)).toEqual([])
  })

  it.each([
    ['fetch', 'export const f = () => fetch("x")'],
    ['Date.now', 'export const f = () => Date.now()'],
    ['new Date()', 'export const f = () => new Date()'],
    ['new Date()', 'export const f = () => new Date'],
    ['new Date()', 'export const f = () => Date()'],
    ['Math.random', 'export const { x } = { x: Math.random() }'],
    ['crypto.randomUUID', 'export const f = () => crypto.randomUUID()'],
    ['process', 'export const f = () => process.argv'],
    ['console', 'export const f = () => console.log("x")'],
    ['performance', 'export const f = () => performance.now()'],
    ['globalThis', 'export const f = () => globalThis["fetch"]("x")'],
    ['setTimeout', 'export const f = () => setTimeout(() => 1, 1)'],
  ])('falls where %s is used: %s', (name, source) => {
    expect(impurities(source)).toEqual([name])
  })

  it('leaves alone what only looks like it', () => {
    const source = `
      // fetch(Date.now()) and process.env
      /** new Date() */
      export const hint = 'fetch(again) new Date() Math.random()'
      export const f = (fetch: () => number, now: number) => [fetch(), new Date(now), Date.UTC(2020, 0, 1), Date.parse('x')]
      export const g = (source: { process: number }) => source.process
    `
    expect(impurities(source)).toEqual([])
  })
})

describe('environment', () => {
  it('is read in the entries alone', () => {
    const files = sourceFiles(root, SHIPPED).filter((file) => !READS_ENV.test(file))
    expect(judged(root, files, environmentReads)).toEqual([])
  })

  it.each(['process.env.HOME', 'process.env["HOME"]', '({ ...process.env })', 'Bun.env.X', 'import.meta.env.X'])(
    'falls where %s is read',
    (expression) => expect(environmentReads(`export const x = ${expression}`)).toHaveLength(1),
  )
})

describe('size', () => {
  const lines = (source: string): number => source.split('\n').length - 1
  const tooLong = (source: string): string[] => (lines(source) > LONGEST_FILE ? [`${lines(source)} lines`] : [])

  it(`of every file is at most ${LONGEST_FILE} lines`, () => {
    expect(judged(root, sourceFiles(root, CODE_FOLDERS), tooLong)).toEqual([])
  })

  it('falls for one line more', async () => {
    const folder = await planted({
      'edge/long.ts': '1\n'.repeat(LONGEST_FILE + 1),
      'edge/fits.ts': '1\n'.repeat(LONGEST_FILE),
    })
    expect(readFileSync(join(folder, 'edge/fits.ts'), 'utf8')).not.toBe('')
    expect(judged(folder, sourceFiles(folder, ['edge']), tooLong)).toEqual([`edge/long.ts: ${LONGEST_FILE + 1} lines`])
  })
})
