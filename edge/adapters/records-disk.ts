import { randomBytes } from 'node:crypto'
import { open, readFile, rename, rm, stat } from 'node:fs/promises'
import * as z from 'zod'
import type { Records } from '../ports.ts'
import { locked } from './lock-disk.ts'

export interface DiskRecordsOptions {
  /** One JSON file, made by the first `put`; its folder too. */
  readonly path: string
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** What the file holds: texts by name, `until` in milliseconds since the epoch. */
const Held = z.record(z.string(), z.object({ text: z.string(), until: z.number().exactOptional() }))
type Held = z.infer<typeof Held>

/**
 * Texts in one file that its owner alone reads (mode 0600), for an edge on one machine. Several processes may read and
 * change it: it is replaced whole, under a lock, and looked at before every read, so a change is seen at once.
 */
export function diskRecords({ path, now }: DiskRecordsOptions): Records {
  let known: { readonly stamp: string; readonly held: Held } | null = null

  async function read(): Promise<Held> {
    const stamp = await stampOf(path)
    if (stamp === null) return {}
    if (known?.stamp === stamp) return known.held
    const held = parse(await readFile(path, 'utf8'))
    // Where the file changed in between, the next read sees another stamp than this one.
    known = { stamp, held }
    return held
  }

  const change = (edit: (held: Held) => Held): Promise<void> =>
    locked(path, async (stillMine) => {
      const alive = Object.entries(await read()).filter(([, { until }]) => until === undefined || now() < until)
      await replace(path, `${JSON.stringify(edit(Object.fromEntries(alive)), null, 2)}\n`, stillMine)
    })

  const alive = (held: Held, name: string): string | null => {
    const { text, until } = (Object.hasOwn(held, name) ? held[name] : undefined) ?? {}
    return text === undefined || (until !== undefined && now() >= until) ? null : text
  }

  return {
    get: async (name) => alive(await read(), name),
    put: (name, text, keepSeconds) =>
      change((held) => ({
        ...held,
        [name]: { text, ...(keepSeconds === undefined ? {} : { until: now() + keepSeconds * 1000 }) },
      })),
    delete: (name) => change(({ [name]: _gone, ...others }) => others),
    async list(prefix) {
      const held = await read()
      return Object.keys(held)
        .filter((name) => name.startsWith(prefix) && alive(held, name) !== null)
        .toSorted()
    },
  }
}

/** Tells two states of the file apart: replacing gives it another inode. Null where there is none. */
async function stampOf(path: string): Promise<string | null> {
  try {
    const { ino, size, mtimeNs } = await stat(path, { bigint: true })
    return `${ino}.${size}.${mtimeNs}`
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return null
    throw error
  }
}

/** The text of the file is never part of the message: it holds hashes of secrets. */
function parse(text: string): Held {
  try {
    return Held.parse(JSON.parse(text))
  } catch {
    throw new Error('the file of records is not one')
  }
}

/** Whole or not at all, also where the power fails: the draft is on the disk before it takes the name. */
async function replace(path: string, text: string, stillMine: () => Promise<boolean>): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}.tmp`
  try {
    const file = await open(draft, 'wx', 0o600)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    if (!(await stillMine())) throw new Error('the file of records was locked for too long')
    await rename(draft, path)
  } finally {
    await rm(draft, { force: true })
  }
}
