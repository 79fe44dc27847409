/** Where the entry of a child process lies: beside the module that starts it, in source and in a bundle alike. */
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * From source it is what it says. A bundler has to give each child an entry of its own beside the server's, of the same
 * extension: `dist/main.js` and `dist/duckdb-child.js`.
 * @param source `new URL('<name>.ts', import.meta.url)` of the module that starts it.
 */
export const childEntry = (source: URL): string =>
  fileURLToPath(source).replace(/\.ts$/, extname(fileURLToPath(import.meta.url)))
