/** One contract for the three pointers: a disk, S3, and Glue. */
import { afterAll, beforeAll, describe } from 'vitest'
import { tableCatalogContract } from '../../contracts/table-catalog.ts'
import { glueLab, localLab, s3CatalogLab } from '../../support/catalog-labs.ts'
import { openS3, type S3Lab } from '../../support/s3-store.ts'

let s3: S3Lab
const ends: (() => Promise<void>)[] = []
beforeAll(async () => {
  s3 = await openS3()
})
afterAll(async () => {
  await Promise.all(ends.map((end) => end()))
  await s3.close()
})

describe('tables on this disk keep the contract', () => {
  tableCatalogContract(async () => {
    const lab = await localLab()
    ends.push(lab.close)
    return lab
  })
})

describe('tables on S3 keep the contract', () => {
  tableCatalogContract(async () => s3CatalogLab(s3))
})

describe('tables in Glue keep the contract', () => {
  tableCatalogContract(async () => {
    const lab = await glueLab(s3)
    ends.push(() => lab.glue.close())
    return lab
  })
})
