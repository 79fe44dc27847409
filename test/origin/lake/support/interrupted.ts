/** A catalogue that others overtake at a point of our choice. */
import { localCatalog } from '../../../../origin/adapters/catalog-local.ts'
import { parquetMerger } from '../../../../origin/adapters/parquet-merge.ts'
import type { TableCatalog } from '../../../../origin/lake/ports.ts'
import type { ObjectStore } from '../../../../origin/ports.ts'
import type { Lake } from './lake.ts'

/** Its store waits before the first call that fits, once, until `meanwhile` is over. */
export function interrupted(
  lake: Lake,
  fits: (method: string, key: string) => boolean,
  meanwhile: () => Promise<unknown>,
): TableCatalog {
  let once = true
  const store = new Proxy(lake.store, {
    get: (target, name: keyof ObjectStore) => {
      const member = target[name]
      if (typeof member !== 'function') return member
      return async (...args: never[]) => {
        if (once && fits(name, String(args[0]))) {
          once = false
          await meanwhile()
        }
        return (member as (...all: never[]) => unknown).apply(target, args)
      }
    },
  })
  const merger = parquetMerger({ store: lake.store, tempDir: `${lake.dataDir}/tmp` })
  return localCatalog({ store, root: `${lake.dataDir}/lake`, merger })
}
