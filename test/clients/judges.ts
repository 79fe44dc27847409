/**
 * Clients that people have, put into `.judges/` of this checkout once, each in the version named here, by npm and so from
 * whatever registry that is set to. Their install scripts do not run.
 */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { JUDGES, once } from '../interop/judges/install.ts'

const run = promisify(execFile)

/** By package: version, and the file to run with Node, or the programs that come for this system. */
const PACKAGES = {
  '@modelcontextprotocol/inspector': '2.12.0',
  'mcp-remote': '0.15.1',
  '@anthropic-ai/claude-code': '2.1.329',
  '@google/gemini-cli': '0.61.0',
  'opencode-ai': '1.18.33',
  '@openai/codex': '0.169.0',
} as const
export type Judge = keyof typeof PACKAGES

/** @returns the folder in which the package is installed, with its dependencies. */
export async function installed(name: Judge): Promise<string> {
  const version = PACKAGES[name]
  await mkdir(JUDGES, { recursive: true })
  const folder = join(JUDGES, `${name.split('/').at(-1) as string}-${version}`)
  await once(folder, async (partial) => {
    process.stdout.write(`judges: installing ${name} ${version} (npm)\n`)
    await writeFile(join(partial, 'package.json'), '{"private":true}')
    const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error']
    await run('npm', ['install', ...flags, `${name}@${version}`], { cwd: partial, timeout: 300_000 })
  })
  return join(folder, 'node_modules')
}

/** The first of some paths that is there. @throws Error that names them. */
export function firstThere(paths: readonly string[]): string {
  const found = paths.find((path) => existsSync(path))
  if (found === undefined) throw new Error(`none of these is there: ${paths.join(', ')}`)
  return found
}
