/**
 * Puts Ceph's radosgw, as Debian and its kin package it, into `.judges/radosgw` of this checkout: an S3 by people who
 * have nothing to do with this project. The packages come through `apt-get` as it is set up here, and are unpacked
 * with `dpkg -x`: nothing is installed into the system, and no root is needed.
 */
import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { JUDGES, once } from './install.ts'

const run = promisify(execFile)

const PACKAGES = ['radosgw', 'ceph-mon', 'ceph-osd']
/** Of what they depend on, what the daemons load; the rest are tools in Python and for real disks, `sudo` among them. */
const NEEDED = /^(lib|ceph|radosgw)/

export interface Radosgw {
  /** Folder of its programs. */
  readonly bin: string
  /** Folder of its libraries, with Ceph's plug-ins in it. */
  readonly lib: string
  /** For LD_LIBRARY_PATH. */
  readonly libraryPath: string
  readonly name: string
}

/** @returns In words why it cannot be had here, instead of it. */
export async function installRadosgw(say: (line: string) => void): Promise<Radosgw | string> {
  try {
    const folder = join(JUDGES, 'radosgw')
    await mkdir(JUDGES, { recursive: true })
    await once(folder, (partial) => unpack(partial, say))
    return await found(folder)
  } catch (error) {
    return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''
  }
}

async function unpack(folder: string, say: (line: string) => void): Promise<void> {
  for (const tool of ['apt-get', 'dpkg', 'setpriv'])
    await run(tool, ['--version']).catch(() => {
      throw new Error(`there is no ${tool} here`)
    })
  const names = await missingPackages()
  say(`unpacking Ceph's radosgw (apt-get download, ${names.length} packages, 230 MB)`)
  const debs = join(folder, 'debs')
  await mkdir(debs)
  await run('apt-get', ['download', '--quiet', ...names], { cwd: debs, timeout: 600_000 })
  for (const deb of await readdir(debs)) await run('dpkg', ['-x', join(debs, deb), folder])
  await rm(debs, { recursive: true })
}

/** What an installation would bring that is not on this system. */
async function missingPackages(): Promise<readonly string[]> {
  const plan = ['install', '--simulate', '--no-install-recommends', ...PACKAGES]
  const { stdout } = await run('apt-get', plan, { env: { ...process.env, LC_ALL: 'C' } }).catch(() => {
    throw new Error('apt-get knows no packages radosgw, ceph-mon and ceph-osd (perhaps `apt-get update` was never run)')
  })
  const names = [...stdout.matchAll(/^Inst (\S+)/gm)].map(([, name = '']) => name).filter((name) => NEEDED.test(name))
  if (!PACKAGES.every((name) => names.includes(name)))
    throw new Error('Ceph is installed on this system; it is left alone')
  return names
}

async function found(folder: string): Promise<Radosgw> {
  const libraries = join(folder, 'usr/lib')
  const triplet = readdirSync(libraries).find((name) => existsSync(join(libraries, name, 'rados-classes')))
  if (triplet === undefined) throw new Error('the packages of Ceph are laid out in a way that is not known')
  const lib = join(libraries, triplet)
  const bin = join(folder, 'usr/bin')
  const libraryPath = [lib, join(lib, 'ceph'), join(folder, 'lib', triplet)].join(':')
  const { stdout } = await run(join(bin, 'radosgw'), ['--version'], {
    env: { ...process.env, LD_LIBRARY_PATH: libraryPath },
  })
  return { bin, lib, libraryPath, name: `radosgw of Ceph ${/version (\S+)/.exec(stdout)?.[1] ?? '?'}` }
}
