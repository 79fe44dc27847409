/**
 * An S3 of Ceph on this machine: one monitor, one OSD that keeps its objects in memory, and radosgw before them. About
 * 150 MB, and gone without a trace when it is stopped.
 *
 * Keys, capabilities and the map with the one OSD are made before the monitor starts, so that neither Ceph's command line
 * (Python) nor a manager daemon is needed.
 */
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Radosgw } from './install-radosgw.ts'
import { freePort } from '../../support/free-port.ts'
import { type ServerProcess, startServer } from './server-process.ts'

const run = promisify(execFile)

/** radosgw's default zone group asks for no LocationConstraint, and the SDK sends none in this region. */
export const CEPH_REGION = 'us-east-1'
export const CEPH_KEYS = { accessKeyId: 'judge', secretAccessKey: 'judge-secret' }

/** @throws Error with the last that the daemon said which did not start; the others are stopped then. */
export async function startRadosgw(ceph: Radosgw): Promise<ServerProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'judge-radosgw-'))
  const env = { LD_LIBRARY_PATH: ceph.libraryPath, CEPH_CONF: join(folder, 'ceph.conf') }
  const daemons: ServerProcess[] = []
  const stop = async (): Promise<void> => {
    for (const daemon of daemons.toReversed()) await daemon.stop()
    await rm(folder, { recursive: true, force: true })
  }
  const tool = (name: string, ...args: readonly string[]) =>
    run(join(ceph.bin, name), args, { env: { ...process.env, ...env }, timeout: 60_000 })
  const daemon = async (name: string, args: readonly string[], url: string, ready: () => Promise<boolean>) => {
    // A test run that is killed takes them along: they have no other parent to stop them.
    const command = ['setpriv', '--pdeathsig', 'KILL', join(ceph.bin, name), '--foreground', ...args] as const
    daemons.push(await startServer(command, { url, env, millis: 60_000 }, ready))
  }
  try {
    const [monitor, http] = [await freePort(), await freePort()]
    const url = `http://127.0.0.1:${http}`
    await makeCluster(folder, { ceph, tool, monitor, http })
    await daemon('ceph-mon', ['--id', 'a'], '', () => listens(monitor))
    await tool('ceph-osd', '--mkfs', '--id', '0')
    await daemon('ceph-osd', ['--id', '0'], '', async () => true)
    // Waits until the OSD serves.
    await tool('radosgw-admin', '--name', 'client.rgw', 'user', 'create', '--uid', 'judge', '--display-name', 'judge',
      '--access-key', CEPH_KEYS.accessKeyId, '--secret', CEPH_KEYS.secretAccessKey) // biome-ignore format: one command
    await daemon('radosgw', ['--name', 'client.rgw'], url, async () => (await fetch(url)).ok)
    return { url, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

interface Cluster {
  readonly ceph: Radosgw
  readonly tool: (name: string, ...args: readonly string[]) => Promise<unknown>
  /** Ports. */
  readonly monitor: number
  readonly http: number
}

async function makeCluster(folder: string, { ceph, tool, monitor, http }: Cluster): Promise<void> {
  const at = (name: string): string => join(folder, name)
  const fsid = randomUUID()
  for (const name of ['mon', 'osd', 'rgw', 'run']) await mkdir(at(name))
  await writeFile(at('ceph.conf'), configuration(folder, { ceph, monitor, http, fsid }))
  const caps = (entries: Readonly<Record<string, string>>) =>
    Object.entries(entries).flatMap(([service, allowed]) => ['--cap', service, allowed])
  await tool('ceph-authtool', '--create-keyring', at('keyring'), '--gen-key', '-n', 'mon.', ...caps({ mon: 'allow *' }))
  const daemons = {
    'osd.0': { mon: 'allow profile osd', osd: 'allow *' },
    'client.rgw': { mon: 'allow rw', osd: 'allow rwx' },
  }
  for (const [name, allowed] of Object.entries(daemons))
    await tool('ceph-authtool', at('keyring'), '--gen-key', '-n', name, ...caps(allowed))
  const address = `[v2:127.0.0.1:${monitor}]`
  await tool('monmaptool', '--create', '--fsid', fsid, '--addv', 'a', address, at('monmap'))
  await tool('osdmaptool', '--createsimple', '1', at('osdmap'))
  const maps = ['--monmap', at('monmap'), '--osdmap', at('osdmap')]
  await tool('ceph-mon', '--mkfs', '--id', 'a', ...maps, '--keyring', at('keyring'))
}

interface Place extends Pick<Cluster, 'ceph' | 'monitor' | 'http'> {
  readonly fsid: string
}

const configuration = (folder: string, { ceph: { lib }, monitor, http, fsid }: Place): string => `[global]
fsid = ${fsid}
mon host = [v2:127.0.0.1:${monitor}]
mon initial members = a
public addr = 127.0.0.1
ms bind msgr1 = false
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
keyring = ${folder}/keyring
run dir = ${folder}/run
admin socket =
pid file =
log file =
log to stderr = true
mon cluster log file =
plugin dir = ${lib}/ceph
erasure code dir = ${lib}/ceph/erasure-code
osd class dir = ${lib}/rados-classes
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd crush chooseleaf type = 0
mon allow pool size one = true
mon max pg per osd = 1000
# A full disk of this machine is no concern of what is kept in memory.
mon data avail crit = 0
mon data avail warn = 0
# Pools come one by one as radosgw first needs them: a second each, were it not for this.
paxos propose interval = 0.05
paxos min wait = 0.01
[mon.a]
mon data = ${folder}/mon
[osd.0]
osd data = ${folder}/osd
osd objectstore = memstore
memstore device bytes = 2147483648
[client.rgw]
rgw data = ${folder}/rgw
rgw frontends = beast endpoint=127.0.0.1:${http}
rgw rados pool pg num min = 1
`

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
