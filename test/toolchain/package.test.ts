/** What must be true of package.json and the lock file, whoever changed them last. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../infra/scripts/bootstrap/toolchain.mjs'

const root = join(import.meta.dirname, '../..')
const read = (name: string): string => readFileSync(join(root, name), 'utf8')

interface Package {
  readonly version: string
  readonly scripts: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
}
interface LockedPackage {
  readonly version?: string
  readonly resolved?: string
  readonly integrity?: string
  readonly link?: boolean
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const own = JSON.parse(read('package.json')) as Package
const locked = Object.entries(
  (JSON.parse(read('package-lock.json')) as { packages: Record<string, LockedPackage> }).packages,
)

describe('package.json', () => {
  it('names exact versions: a range is whatever is newest on the day', () => {
    const all = { ...own.dependencies, ...own.devDependencies }
    const ranges = Object.entries(all).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    expect(ranges).toEqual([['toolchain-node', 'file:infra/node']])
  })

  it('runs everything that needs Node 24 through the bootstrap', () => {
    for (const command of Object.keys(COMMANDS))
      expect(own.scripts[command]).toBe(`node infra/scripts/bootstrap.mjs ${command}`)
  })
})

describe('package-lock.json', () => {
  it('names no registry: each machine uses its own', () => {
    // A tarball's address has `/-/` in it; the addresses of homepages and funding have not.
    expect(read('package-lock.json')).not.toMatch(/\/-\/|\bregistry\./)
    expect(locked.flatMap(([, { resolved }]) => resolved ?? [])).toEqual(['infra/node'])
  })

  it('holds every package by its digest', () => {
    const unsigned = locked.filter(
      ([path, { integrity, link }]) => path.startsWith('node_modules/') && !link && !integrity,
    )
    expect(unsigned).toEqual([])
  })

  it('holds the optional packages of every system, so that npm ci works there too', () => {
    const present = new Set(locked.map(([path]) => path.replace(/^.*node_modules\//, '')))
    const missing = locked
      .flatMap(([, entry]) => Object.keys(entry.optionalDependencies ?? {}))
      .filter((name) => !present.has(name))
    expect(missing).toEqual([])
  })
})
