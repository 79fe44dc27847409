import { readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

/** Folders with code of ours. */
export const CODE_FOLDERS = ['edge', 'origin', 'shared', 'infra', 'test'] as const

/** The TypeScript files under `folders` of `root`, as paths from `root` with slashes, in order. Absent folders are empty. */
export function sourceFiles(root: string, folders: readonly string[]): string[] {
  return folders
    .flatMap((folder) => filesUnder(join(root, folder)))
    .filter((path) => /\.m?ts$/.test(path) && !path.endsWith('.d.ts'))
    .map((path) => relative(root, path).split(sep).join('/'))
    .toSorted()
}

function filesUnder(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
