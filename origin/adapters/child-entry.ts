/** Where the entry of a child process lies: beside the module that starts it, in source and in a bundle alike. */
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * From source that is `<name>.ts` beside the adapters; a bundler has to give `<name>` an entry of its own beside the
 * server's (`dist/main.js` and `dist/duckdb-child.js`, or `.mjs`).
 * @param of `import.meta.url` of the module that starts it.
 */
export const childEntry = (name: string, of: string): string =>
  fileURLToPath(new URL(`${name}${extname(fileURLToPath(of))}`, of))
