import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import { jobStore } from '../../../origin/adapters/jobs-store.ts'
import { localStore } from '../../../origin/adapters/store-local.ts'
import type { ObjectStore } from '../../../origin/ports.ts'
import { jobStoreContract } from '../../contracts/job-store.ts'
import { fakeObjectStore } from '../../fakes/object-store.ts'

const over = (objects: ObjectStore) => ({
  store: jobStore(objects),
  keys: async () => (await objects.list('')).map(({ key }) => key),
})

describe('jobs in memory keep the contract', () => {
  jobStoreContract(async () => over(fakeObjectStore()))
})

describe('jobs on a disk keep the contract', () => {
  let base = ''
  let count = 0
  beforeAll(async () => {
    base = await mkdtemp(join(tmpdir(), 'jobs-store-'))
  })
  afterAll(() => rm(base, { recursive: true, force: true }))
  jobStoreContract(async () => {
    count += 1
    return over(localStore({ dataDir: join(base, String(count)), bucket: 'lake' }))
  })
})
