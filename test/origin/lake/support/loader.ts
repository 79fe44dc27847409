/**
 * A process that loads one file into table `t` again and again, to be killed.
 *
 *   node loader.ts <dataDir> <file as JSON> [n]
 *
 * Each commit that it was told of is a line "committed <snapshot id>". With `n` it kills itself just before its n-th
 * call to the store, so that every point of a commit can be tried in turn.
 */
import { join } from 'node:path'
import { localCatalog } from '../../../../origin/adapters/catalog-local.ts'
import { localStore } from '../../../../origin/adapters/store-local.ts'
import { parseJson } from '../../../../origin/lake/iceberg/json.ts'
import type { ParquetFile } from '../../../../origin/lake/ports.ts'
import type { ObjectStore } from '../../../../origin/ports.ts'

const [dataDir = '', json = '', fatal = ''] = process.argv.slice(2)
const file = parseJson(json) as ParquetFile
const catalog = localCatalog({ store: mortal(localStore({ dataDir, bucket: 'lake' })), root: join(dataDir, 'lake') })
process.stdout.write('ready\n')
for (;;) {
  const { snapshotId } = await catalog.commit(
    'estat',
    't',
    { kind: 'replace', datasetId: file.datasetId, files: [file], properties: {} },
    { create: true, now: Date.now(), signal: new AbortController().signal },
  )
  process.stdout.write(`committed ${snapshotId}\n`)
}

/** The store, whose n-th call never comes. */
function mortal(store: ObjectStore): ObjectStore {
  let calls = 0
  return new Proxy(store, {
    get(target, name: keyof ObjectStore) {
      const member = target[name]
      if (typeof member !== 'function') return member
      return (...args: never[]) => {
        calls += 1
        if (calls === Number(fatal)) process.kill(process.pid, 'SIGKILL')
        return (member as (...args: never[]) => unknown).apply(target, args)
      }
    },
  })
}
