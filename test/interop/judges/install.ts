/**
 * Puts the independent judges into `.judges/` of this checkout, once, each in the version named here:
 * Trino (the engine of Athena), PyIceberg with moto (an AWS of its own), and ClickHouse.
 *
 * They come through the tools of their languages (`mvn`, `pip`, `npm`), so by whatever registry those are set to. What is
 * not to be had here is told with its reason, and the others judge alone.
 */
import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Where judges are kept. */
export const JUDGES = join(import.meta.dirname, '../../../.judges')
const TRINO = '476'
const PYTHON = ['moto[server,glue,s3]==5.2.5', 'pyiceberg[glue,pyarrow]==0.12.0', 'boto3==1.44.5']
const CHDB = '3.4.0'
/** Trino 476 asks for Java 24 or later. */
const JAVA = 24

export interface Judges {
  /** Null: not to be had here. */
  readonly trino: { readonly home: string; readonly java: string; readonly name: string } | null
  readonly python: { readonly bin: string; readonly name: string } | null
  readonly chdb: { readonly folder: string; readonly name: string } | null
  /** Why a judge is missing, a line each. */
  readonly missing: readonly string[]
}

export async function installJudges(say: (line: string) => void): Promise<Judges> {
  await mkdir(JUDGES, { recursive: true })
  const missing: string[] = []
  const attempt = async <Judge>(name: string, install: () => Promise<Judge>): Promise<Judge | null> => {
    try {
      return await install()
    } catch (error) {
      missing.push(`${name}: ${(error instanceof Error ? error.message : String(error)).split('\n')[0]}`)
      return null
    }
  }
  const python = await attempt('PyIceberg', () => installPython(say))
  const chdb = await attempt('ClickHouse', () => installChdb(say))
  const trino = await attempt('Trino', () => installTrino(say))
  return { trino, python, chdb, missing }
}

/** Makes `folder` by `make`, under another name until it is whole. */
export async function once(folder: string, make: (folder: string) => Promise<void>): Promise<void> {
  if (existsSync(folder)) return
  const partial = `${folder}.partial`
  await rm(partial, { recursive: true, force: true })
  await mkdir(partial, { recursive: true })
  await make(partial)
  await rename(partial, folder)
}

async function installPython(say: (line: string) => void): Promise<NonNullable<Judges['python']>> {
  const folder = join(JUDGES, 'python')
  const bin = join(folder, 'bin')
  // A virtual environment knows its own path, so it is made in its place; the stamp tells that it is whole.
  const stamp = join(folder, `whole-${PYTHON.join('-').replaceAll(/[^\w.-]/g, '_')}`)
  if (!existsSync(stamp)) {
    say('installing PyIceberg and moto (pip)')
    await rm(folder, { recursive: true, force: true })
    await run('python3', ['-m', 'venv', folder])
    await run(join(bin, 'pip'), ['install', '--quiet', ...PYTHON], { timeout: 600_000 })
    await writeFile(stamp, '')
  }
  return { bin, name: 'PyIceberg 0.12.0' }
}

async function installChdb(say: (line: string) => void): Promise<NonNullable<Judges['chdb']>> {
  const folder = join(JUDGES, `chdb-${CHDB}`)
  await once(folder, async (partial) => {
    say('installing ClickHouse (npm chdb, 543 MB)')
    await writeFile(join(partial, 'package.json'), '{"private":true}')
    await run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', `chdb@${CHDB}`], {
      cwd: partial,
      timeout: 600_000,
    })
  })
  return { folder, name: `ClickHouse (chdb ${CHDB})` }
}

async function installTrino(say: (line: string) => void): Promise<NonNullable<Judges['trino']>> {
  const java = await newestJava()
  const home = join(JUDGES, `trino-server-${TRINO}`)
  await once(home, async (partial) => {
    say('installing Trino (Maven, 821 MB)')
    const to = `-DoutputDirectory=${partial}`
    await run('mvn', ['-q', 'dependency:copy', `-Dartifact=io.trino:trino-server:${TRINO}:tar.gz`, to], {
      timeout: 900_000,
    })
    const archive = join(partial, `trino-server-${TRINO}.tar.gz`)
    await run('tar', ['xzf', archive, '--strip-components=1', '-C', partial], { timeout: 600_000 })
    await rm(archive)
    const plugins = join(partial, 'plugin')
    for (const plugin of readdirSync(plugins))
      if (plugin !== 'iceberg') await rm(join(plugins, plugin), { recursive: true, force: true })
  })
  return { home, java, name: `Trino ${TRINO}` }
}

/** @returns JAVA_HOME of one that is new enough. */
async function newestJava(): Promise<string> {
  const places = [process.env['JAVA_HOME'], ...homesIn('/usr/lib/jvm'), ...homesIn('/opt')]
  for (const home of places) {
    if (home === undefined || !existsSync(join(home, 'bin/java'))) continue
    const { stderr } = await run(join(home, 'bin/java'), ['-version'])
    if (Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0) >= JAVA) return home
  }
  throw new Error(`no Java ${JAVA} or later in JAVA_HOME, /usr/lib/jvm or /opt`)
}

const homesIn = (folder: string): readonly string[] =>
  existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []
