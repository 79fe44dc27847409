/**
 * What a container runs, in one folder that needs no node_modules of the project: origin and edge as ES modules, the
 * children that they start beside them, the SQL parser's WebAssembly, the bundled figures, and DuckDB's native library.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

export interface BundledFile {
  /** Below the bundle's folder. */
  readonly path: string
  readonly bytes: number
}

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** Programs, by name. A child has the name that `origin/adapters/child-entry.ts` looks for. */
export const ENTRIES = {
  origin: 'origin/main.ts',
  edge: 'edge/platform/node.ts',
  keys: 'infra/scripts/keys.ts',
  'duckdb-child': 'origin/adapters/duckdb-child.ts',
  'catalogue-child': 'origin/adapters/catalogue-child.ts',
} as const

/** Found by `new URL(..., import.meta.url)` of the module that reads them, which is in the bundle's folder now. */
const BESIDE = {
  'polyglot_sql.wasm': 'node_modules/@polyglot-sql/sdk/dist/polyglot_sql.wasm',
  data: 'origin/sample/data',
} as const

/** What some packages load the older way. */
const REQUIRE = "import{createRequire as requireFrom}from'node:module';const require=requireFrom(import.meta.url);"

/**
 * Makes the bundle for the platform that this runs on; what was in the folder is replaced.
 *
 * Split, so that each program loads what it needs: the AWS SDK only on AWS, the parser with the first query. Names are
 * kept, for the logs.
 * @throws Error where DuckDB is not installed for this platform.
 */
export async function makeBundle(folder: string): Promise<readonly BundledFile[]> {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  await build({
    absWorkingDir: root,
    entryPoints: Object.entries(ENTRIES).map(([out, source]) => ({ in: source, out })),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'linked',
    banner: { js: REQUIRE },
    // Native; and what `keys --platform local` has beside a clone, where no container is.
    external: ['@duckdb/*', 'miniflare'],
    logLevel: 'warning',
  })
  for (const [name, source] of Object.entries(BESIDE))
    cpSync(join(root, source), join(folder, name), { recursive: true })
  for (const name of duckdbPackages())
    cpSync(join(root, 'node_modules', name), join(folder, 'node_modules', name), { recursive: true, filter: runs })
  return filesBelow(folder)
}

/** What a compiler reads is left out. */
const runs = (path: string): boolean => !/\.(d\.ts|map)$/.test(path)

/** With glibc: the image's base is Debian. */
function duckdbPackages(): readonly string[] {
  const native = `@duckdb/node-bindings-${process.platform}-${process.arch}`
  if (!existsSync(join(root, 'node_modules', native))) throw new Error(`${native} is not installed: run npm ci.`)
  return ['@duckdb/node-api', '@duckdb/node-bindings', native]
}

function filesBelow(folder: string): readonly BundledFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => ({ path, stat: statSync(join(folder, path)) }))
    .filter(({ stat }) => stat.isFile())
    .map(({ path, stat }) => ({ path, bytes: stat.size }))
}

const KINDS: readonly (readonly [string, (file: BundledFile) => boolean])[] = [
  ['DuckDB', ({ path }) => path.startsWith('node_modules/')],
  ['SQL parser (WebAssembly)', ({ path }) => path.endsWith('.wasm')],
  ['bundled figures', ({ path }) => path.startsWith('data/')],
  ['licences', ({ path }) => path.endsWith('.txt')],
  ['code', () => true],
]

/** Contents and sizes for people: each program, each kind, and the whole. */
export function describeBundle(files: readonly BundledFile[]): readonly string[] {
  const programs = files.filter(({ path }) => basename(path, '.mjs') in ENTRIES)
  const kinds = KINDS.map(([name, holds], at) => {
    const earlier = KINDS.slice(0, at)
    const own = files.filter((file) => holds(file) && !earlier.some(([, before]) => before(file)))
    return { name, count: own.length, bytes: sum(own) }
  })
  return [
    ...programs.map(({ path, bytes }) => `  ${path.padEnd(26)} ${megabytes(bytes)}`),
    'and what they load:',
    ...kinds.map(({ name, count, bytes }) => `  ${name.padEnd(26)} ${megabytes(bytes)} in ${count} files`),
    `  ${'together'.padEnd(26)} ${megabytes(sum(files))} in ${files.length} files`,
  ]
}

const sum = (files: readonly BundledFile[]): number => files.reduce((all, { bytes }) => all + bytes, 0)
const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(2).padStart(7)} MB`
