/**
 * A process that writes to a table of the lake, to be killed or to contend with others.
 *
 *   node lake-writer.ts <task as JSON>
 *
 * Each thing done that it was told of is a line on stdout: "ready", "committed <snapshot id>", "maintained". With
 * `killAt` it kills itself just before its n-th call to the store, so that every point can be tried in turn.
 */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { localCatalog } from '../../origin/adapters/catalog-local.ts'
import { parquetMerger } from '../../origin/adapters/parquet-merge.ts'
import { localStore } from '../../origin/adapters/store-local.ts'
import { s3Store, type S3StoreOptions } from '../../origin/adapters/store-s3.ts'
import { parseJson } from '../../origin/lake/iceberg/json.ts'
import type { ParquetFile, TableChange } from '../../origin/lake/ports.ts'
import type { ObjectStore } from '../../origin/ports.ts'

export interface WriterTask {
  readonly dataDir: string
  /** Where absent, the lake is the folder `lake` of `dataDir`. */
  readonly s3?: S3StoreOptions
  readonly table: string
  readonly steps: readonly Step[]
  /** How often the steps are gone through. */
  readonly times: number
  readonly killAt?: number
}

export type Step =
  | { readonly kind: TableChange['kind']; readonly file: ParquetFile; readonly now?: number }
  | { readonly kind: 'maintain'; readonly now?: number }

export const WRITER: string = fileURLToPath(import.meta.url)

const signal = new AbortController().signal

async function write({ dataDir, s3, table, steps, times, killAt = 0 }: WriterTask): Promise<void> {
  const home = s3 === undefined ? localStore({ dataDir, bucket: 'lake' }) : s3Store(s3)
  const store = mortal(home, killAt)
  const merger = parquetMerger({ store, tempDir: join(dataDir, 'tmp') })
  const root = s3 === undefined ? join(dataDir, 'lake') : `s3://${s3.bucket}`
  const catalog = localCatalog({ store, root, merger })
  process.stdout.write('ready\n')
  for (let time = 0; time < times; time += 1)
    for (const step of steps) {
      const now = step.now ?? Date.now()
      if (step.kind === 'maintain') {
        await catalog.maintain('estat', table, { now, signal })
        process.stdout.write('maintained\n')
        continue
      }
      const { kind, file } = step
      const change: TableChange = { kind, datasetId: file.datasetId, files: [file], properties: {} }
      const { snapshotId } = await catalog.commit('estat', table, change, { create: true, now, signal })
      process.stdout.write(`committed ${snapshotId}\n`)
    }
}

/** The store, whose n-th call never comes. */
function mortal(store: ObjectStore, killAt: number): ObjectStore {
  let calls = 0
  return new Proxy(store, {
    get(target, name: keyof ObjectStore) {
      const member = target[name]
      if (typeof member !== 'function') return member
      return (...args: never[]) => {
        calls += 1
        if (calls === killAt) process.kill(process.pid, 'SIGKILL')
        return (member as (...all: never[]) => unknown).apply(target, args)
      }
    },
  })
}

if (process.argv[1] === WRITER) await write(parseJson(process.argv[2] ?? '') as WriterTask)
