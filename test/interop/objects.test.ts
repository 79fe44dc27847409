/** The S3 store and the jobs on it, against the S3 of people who have nothing to do with this project. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, inject } from 'vitest'
import { jobStore } from '../../origin/adapters/jobs-store.ts'
import { s3Store } from '../../origin/adapters/store-s3.ts'
import type { ObjectStore } from '../../origin/ports.ts'
import { jobStoreContract } from '../contracts/job-store.ts'
import { objectStoreContract } from '../contracts/object-store.ts'
import { CREDENTIALS, REGION } from './judges/moto.ts'

const endpoint = inject('aws')
if (endpoint === null) console.warn('interop: without Python there is no moto, so the S3 store is not judged here')

let base = ''
let count = 0
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'objects-'))
})
afterAll(() => rm(base, { recursive: true, force: true }))

/** A store on a bucket of its own. */
async function fresh(): Promise<ObjectStore> {
  count += 1
  const bucket = `objects-${process.pid}-${count}`
  const aws = { region: REGION, endpoint: endpoint as string, credentials: CREDENTIALS }
  const client = new S3Client({ ...aws, forcePathStyle: true })
  await client.send(
    new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration: { LocationConstraint: REGION } }),
  )
  client.destroy()
  return s3Store({ ...aws, bucket, cacheDir: join(base, bucket), cacheBytes: 100_000_000 })
}

describe.runIf(endpoint !== null)('objects in the S3 of moto keep the contract', () => {
  objectStoreContract(fresh)
})

describe.runIf(endpoint !== null)('jobs in the S3 of moto keep the contract', () => {
  jobStoreContract(async () => {
    const store = await fresh()
    return { store: jobStore(store), keys: async () => (await store.list('')).map(({ key }) => key) }
  })
})
