/** The programs of Bun and Deno that came with the packages, and the flags that keep them to this folder. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const modules = join(import.meta.dirname, '../../node_modules')

/** npm installs one package of `scope` for this system; of several, the plain one has the shortest name. */
function program(scope: string, path: string): string {
  const folder = join(modules, scope)
  const found = (existsSync(folder) ? readdirSync(folder) : [])
    .map((name) => join(folder, name, path))
    .filter((one) => existsSync(one))
    .toSorted((a, b) => a.length - b.length)[0]
  // The name alone, so that starting it says what is missing.
  return found ?? path
}

export const BUN: readonly string[] = [program('@oven', 'bin/bun')]
/** Without the last flag a request's signal aborts on every answer that went well (Deno's manual, "no-legacy-abort"). */
const KEPT = '--no-remote --cached-only --node-modules-dir=manual --unstable-no-legacy-abort'.split(' ')
/** Followed by what it may do (`--allow-...`) and a file. */
export const DENO: readonly string[] = [program('@deno', 'deno'), 'run', ...KEPT]
