import { afterAll, describe } from 'vitest'
import { objectStoreContract } from '../../contracts/object-store.ts'
import { type FakeObjectStore, fakeObjectStore } from '../../fakes/object-store.ts'

const made: FakeObjectStore[] = []
afterAll(() => Promise.all(made.map((store) => store.dispose())))

describe('the fake object store keeps the contract', () => {
  objectStoreContract(async () => {
    const store = fakeObjectStore()
    made.push(store)
    return store
  })
})
