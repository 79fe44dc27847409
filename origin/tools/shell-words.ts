/** Words for a POSIX shell, in commands that are shown and never run here. */

/** One word whatever is in it (POSIX.1-2017, Shell Command Language, 2.2.2). */
export const shellQuoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`

/** A path: `~/` in front stays the home folder, and what begins with `-` is no option. */
export function shellPath(path: string): string {
  if (path.startsWith('~/')) return path === '~/' ? '~/' : `~/${shellQuoted(path.slice(2))}`
  return shellQuoted(path.startsWith('-') ? `./${path}` : path)
}
