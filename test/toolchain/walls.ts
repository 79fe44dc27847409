/**
 * Who may import whom (HOUSE.md, "Walls"), over what esbuild finds at run time: static, dynamic and side-effect imports.
 * Type-only imports are gone by then; oxlint's restricted imports hold those.
 */
import { builtinModules, isBuiltin } from 'node:module'
import { build } from 'esbuild'

export interface Import {
  /** Path of the importing file from the root. */
  readonly from: string
  /** Path from the root for a file of ours, else the specifier as written. */
  readonly to: string
  /** esbuild's word for it: `import-statement`, `dynamic-import`, `require-call`, ... */
  readonly kind: string
}

interface Wall {
  readonly inside: RegExp
  readonly except?: RegExp
  readonly forbidden: (to: string) => boolean
  readonly why: string
}

const under =
  (...folders: readonly string[]) =>
  (to: string): boolean =>
    folders.some((folder) => to.startsWith(`${folder}/`))
const runtime = (to: string): boolean => isBuiltin(to) || /^(cloudflare|bun|deno):/.test(to)
const named = (pattern: RegExp) => (to: string) => pattern.test(to)
const any =
  (...tests: readonly ((to: string) => boolean)[]) =>
  (to: string): boolean =>
    tests.some((test) => test(to))

/** Packages that do I/O, and folders that do. */
const io = any(runtime, named(/^(@duckdb|@aws-sdk|@hono|@modelcontextprotocol|hono)(\/|$)/))

const WALLS: readonly Wall[] = [
  { inside: /^shared\//, forbidden: any(under('edge', 'origin'), runtime), why: 'shared/ runs anywhere' },
  { inside: /^edge\//, forbidden: under('origin'), why: 'edge/ never imports origin/' },
  { inside: /^origin\//, forbidden: under('edge'), why: 'origin/ never imports edge/' },
  {
    inside: /^(edge|origin|shared)\//,
    forbidden: under('infra', 'test'),
    why: 'what ships imports no scripts or tests',
  },
  {
    inside: /^edge\//,
    except: /^edge\/(adapters|platform)\//,
    forbidden: any(runtime, under('edge/adapters', 'edge/platform')),
    why: 'edge/ runs on a bare Worker',
  },
  { inside: /^edge\/domain\//, forbidden: any(io, under('edge/middleware')), why: 'edge/domain is pure' },
  {
    inside: /^origin\/(estat|lake)\//,
    forbidden: any(io, under('origin/adapters', 'origin/tools', 'origin/jobs', 'origin/standin', 'origin/sample')),
    why: 'origin/estat and origin/lake are pure',
  },
  {
    inside: /^origin\/tools\//,
    forbidden: any(io, under('origin/adapters', 'origin/standin', 'origin/sample')),
    why: 'a tool reaches the world only through the ports it names',
  },
]

/** Every import between `entries` and what they reach. Packages are not entered. */
export async function importsOf(root: string, entries: readonly string[]): Promise<readonly Import[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [...entries],
    outdir: 'dist',
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    external: ['cloudflare:*'],
    logLevel: 'silent',
  })
  return Object.entries(metafile.inputs).flatMap(([from, { imports }]) =>
    imports.map(({ path, kind }) => ({ from, to: path, kind })),
  )
}

/** One line for each import that goes through a wall. */
export const breaches = (imports: readonly Import[]): readonly string[] =>
  imports.flatMap(({ from, to, kind }) =>
    WALLS.filter((wall) => wall.inside.test(from) && !wall.except?.test(from) && wall.forbidden(to)).map(
      ({ why }) => `${from} -> ${to} (${kind}): ${why}`,
    ),
  )

/**
 * The runtime modules that `entry` needs with its packages bundled as for a Worker: none, where it runs on a bare one.
 * A package that is fine on Node may bring `node:` along from far below.
 */
export async function runtimeModules(root: string, entry: string): Promise<readonly string[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outdir: 'dist',
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'browser',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['node:*', 'cloudflare:*', ...builtinModules],
    logLevel: 'silent',
  })
  return Object.values(metafile.outputs).flatMap(({ imports }) =>
    imports.filter(({ external }) => external).map(({ path }) => path),
  )
}
