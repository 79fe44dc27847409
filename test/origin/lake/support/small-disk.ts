/** A disk that is soon full. */
import { execFileSync } from 'node:child_process'
import { mkdir } from 'node:fs/promises'

/** A real file system of 1 MB where the machine lets us mount one. */
export async function smallDisk(path: string): Promise<{ unmount(): void } | null> {
  await mkdir(path, { recursive: true })
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path], { stdio: 'ignore' })
    return { unmount: () => execFileSync('umount', [path]) }
  } catch {
    return null
  }
}
