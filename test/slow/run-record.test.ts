/** The lock of a clone: one start has it, whatever others do at the same moment. */
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { identityOf } from '../../infra/scripts/start/process-table.ts'
import { takeRunRecord } from '../../infra/scripts/start/run-record.ts'
import { planted } from '../toolchain/planted.ts'

const recordFile = join(import.meta.dirname, '../../infra/scripts/start/run-record.ts')
const silent = (): void => {}
const pathIn = (root: string): string => join(root, '.estat/run/start.json')

async function cloneWith(record: string): Promise<string> {
  const root = await planted({ 'package.json': '{}' })
  mkdirSync(join(root, '.estat/run'), { recursive: true })
  writeFileSync(pathIn(root), record)
  return root
}

const recordOf = (pid: number, run: string = randomUUID()): string =>
  JSON.stringify({ pid, identity: identityOf(pid) ?? 'gone/1', run, stopping: false, groups: [] })
/** No process has this number: it is above the kernel's highest (proc(5), pid_max). */
const NOBODY = 4_194_305

describe('the lock', () => {
  it('goes to one of many that find a killed start at the same moment', async () => {
    const root = await cloneWith(recordOf(NOBODY))
    const script = `
      import { once } from 'node:events'
      import { takeRunRecord } from ${JSON.stringify(recordFile)}
      console.log('ready')
      await once(process.stdin, 'data')
      const said = await takeRunRecord(${JSON.stringify(root)}, () => {}).then(() => 'taken', (error) => error.message)
      console.log(said)
      await once(process.stdin, 'end')`
    const children = Array.from({ length: 5 }, () => spawn(process.execPath, ['--input-type=module', '-e', script]))
    onTestFinished(() => children.forEach((child) => child.kill('SIGKILL')))
    const says = () => Promise.all(children.map(async ({ stdout }) => String((await once(stdout, 'data'))[0]).trim()))
    await says()
    for (const { stdin } of children) stdin.write('go')
    const answers = await says()
    expect(answers.filter((answer) => answer === 'taken')).toHaveLength(1)
    expect(answers.filter((answer) => answer.includes('is running in this clone already'))).toHaveLength(4)
  })

  it('is not taken from one who is just writing it', async () => {
    const owner = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    onTestFinished(() => void owner.kill('SIGKILL'))
    await once(owner, 'spawn')
    const theirs = recordOf(owner.pid ?? Number.NaN)
    const root = await cloneWith(theirs.slice(0, 20))
    const taking = takeRunRecord(root, silent)
    await Promise.all([
      expect(taking).rejects.toThrow(`running in this clone already (process ${owner.pid})`),
      sleep(300).then(() => writeFileSync(pathIn(root), theirs)),
    ])
  })

  it('is taken where half a record has been left for long', async () => {
    const root = await cloneWith('{"pid":')
    const longAgo = new Date(Date.now() - 60_000)
    utimesSync(pathIn(root), longAgo, longAgo)
    const record = await takeRunRecord(root, silent)
    expect(readFileSync(pathIn(root), 'utf8')).toContain(record.run)
    record.release()
    expect(readdirSync(join(root, '.estat/run'))).toEqual([])
  })

  it('is taken though a start was killed at its gate', async () => {
    const root = await cloneWith(recordOf(NOBODY))
    const gate = `${pathIn(root)}.gate`
    writeFileSync(gate, '')
    const taking = takeRunRecord(root, silent)
    expect(await Promise.race([taking, sleep(200, 'waits')])).toBe('waits')
    const longAgo = new Date(Date.now() - 60_000)
    utimesSync(gate, longAgo, longAgo)
    const record = await taking
    record.release()
    expect(readdirSync(join(root, '.estat/run'))).toEqual([])
  })

  it('once lost is neither written over nor given back', async () => {
    const root = await planted({ 'package.json': '{}' })
    const record = await takeRunRecord(root, silent)
    const theirs = recordOf(process.pid)
    writeFileSync(pathIn(root), theirs)
    expect(() => record.add('edge', process.pid)).toThrow('Another npm start')
    record.stopping()
    record.release()
    expect(readFileSync(pathIn(root), 'utf8')).toBe(theirs)
  })
})
