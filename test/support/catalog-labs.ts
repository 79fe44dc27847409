/** Catalogues on each home, for the contract that all of them keep. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { icebergCatalog } from '../../origin/adapters/catalog-iceberg.ts'
import { localCatalog } from '../../origin/adapters/catalog-local.ts'
import { gluePointer } from '../../origin/adapters/catalog-pointer-glue.ts'
import { localStore } from '../../origin/adapters/store-local.ts'
import type { ObjectStore, TableCatalog } from '../../origin/ports.ts'
import type { CatalogLab } from '../contracts/table-catalog.ts'
import type { S3Lab } from './s3-store.ts'
import { type WireGlue, wireGlue } from './wire-glue/server.ts'
import { WIRE_KEYS, WIRE_REGION } from './wire-s3/server.ts'

/** Few attempts: what is lost here is lost on purpose. */
const SHORT = { maxAttempts: 2 } as const
const METADATA = '.metadata.json'

export async function localLab(): Promise<CatalogLab & { readonly close: () => Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'catalog-'))
  const store = localStore({ dataDir, bucket: 'lake' })
  let next: 'works' | 'loses' | 'dies' | 'dead' = 'works'
  const failing: ObjectStore = {
    ...store,
    async put(key, body, options) {
      if (next === 'dead' && key.endsWith(METADATA)) throw new Error('the disk does not answer')
      const done = await store.put(key, body, options)
      if (next === 'works' || next === 'dead' || !key.endsWith(METADATA)) return done
      next = next === 'dies' ? 'dead' : 'works'
      throw new Error('the disk does not answer')
    },
    async get(key) {
      if (next === 'dead' && key.endsWith(METADATA)) throw new Error('the disk does not answer')
      return store.get(key)
    },
  }
  return {
    store,
    open: () => localCatalog({ store: failing, root: join(dataDir, 'lake') }),
    loseAnswer() {
      next = 'loses'
    },
    goSilent() {
      next = 'dies'
      return () => {
        next = 'works'
      }
    },
    close: () => rm(dataDir, { recursive: true, force: true }),
  }
}

/** The pointer is the newest metadata file's name, on S3. */
export function s3CatalogLab(s3: S3Lab): CatalogLab {
  const { store, options } = s3.fresh(SHORT)
  const swap = { on: 'PUT', containing: METADATA } as const
  return {
    store,
    open: () => localCatalog({ store: s3.fresh(options).store, root: `s3://${store.bucket}` }),
    loseAnswer: () => s3.server.plan({ ...swap, fault: { kind: 'lose-answer' } }),
    goSilent() {
      s3.server.plan({ ...swap, fault: { kind: 'go-silent' } })
      return () => s3.server.heal()
    },
  }
}

export interface GlueLab extends CatalogLab {
  readonly open: (options?: { readonly timeoutMs?: number }) => TableCatalog
  readonly glue: WireGlue
}

export async function glueLab(s3: S3Lab): Promise<GlueLab> {
  const glue = await wireGlue()
  const { store, options } = s3.fresh(SHORT)
  return {
    glue,
    store,
    open(more = {}) {
      const own = s3.fresh(options).store
      const aws = { ...more, region: WIRE_REGION, credentials: WIRE_KEYS, endpoint: glue.url, ...SHORT }
      const pointer = gluePointer({ ...aws, store: own, databasePrefix: 'lake_' })
      return icebergCatalog({ store: own, pointer, root: `s3://${own.bucket}` })
    },
    loseAnswer: () => {
      for (const on of ['CreateTable', 'UpdateTable']) glue.plan({ on, fault: { kind: 'lose-answer' } })
    },
    goSilent() {
      glue.plan({ on: 'UpdateTable', fault: { kind: 'go-silent' } })
      return () => glue.heal()
    },
  }
}
