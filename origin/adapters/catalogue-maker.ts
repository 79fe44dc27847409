/** Makes an index in a process of its own and moves it into the store. */
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { CatalogueDeps } from '../jobs/catalogue.ts'
import type { ObjectStore } from '../ports.ts'
import type { IndexJob } from './catalogue-child.ts'
import { childEntry } from './child-entry.ts'

const CHILD = childEntry(new URL('catalogue-child.ts', import.meta.url))
/** All of e-Stat takes half a minute on half a processor; a child that takes this long hangs. */
const TIMEOUT_MS = 15 * 60_000
/** Memory before speed: less than half as much of it for a third more time, and collected before it grows. */
const SMALL = ['--optimize-for-size', '--max-semi-space-size=1', '--max-old-space-size=400']
const run = promisify(execFile)

export interface MadeIndex {
  readonly tables: number
  /** Of the file. */
  readonly bytes: number
  /** Most memory the process had, bytes. */
  readonly peak: number
}

export function indexMaker(options: {
  readonly store: ObjectStore
  readonly tempDir: string
  readonly onMade?: (made: MadeIndex) => void
}): CatalogueDeps['makeIndex'] {
  const { store, tempDir, onMade = () => {} } = options
  return async (pages, key) => {
    const room = join(tempDir, `catalogue-${randomUUID()}`)
    await mkdir(room, { recursive: true })
    try {
      const target = join(room, 'index.bin')
      const files = await Promise.all(
        pages.map(async (page) => ({ path: await store.localPath(page), batch: dirname(page) })),
      )
      const job: IndexJob = { pages: files, target }
      await writeFile(join(room, 'job.json'), JSON.stringify(job))
      // Nothing of the environment: it holds the application ID, which making an index has no use for.
      const { stdout } = await run(process.execPath, [...SMALL, CHILD, join(room, 'job.json')], {
        timeout: TIMEOUT_MS,
        env: {},
      })
      const made = JSON.parse(stdout) as MadeIndex
      await store.putFile(key, target)
      onMade(made)
      return made.tables
    } finally {
      await rm(room, { recursive: true, force: true })
    }
  }
}
