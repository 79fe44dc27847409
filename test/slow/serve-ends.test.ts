/** The supervisor with small children: what is left of `npm start` when it, or a part of it, does not end as asked. */
import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { fakeClone, isServed, nobodyServes, RUNNING } from '../infra/fake-clone.ts'

describe('an end that goes badly', () => {
  it('kills within five seconds what does not listen', async () => {
    const clone = await fakeClone()
    // Only what any program needs reaches the edge's child: the name has to look ordinary.
    writeFileSync(
      join(clone.root, 'node_modules/wrangler/bin/wrangler.js'),
      `process.env.HEARTLESS = '1'\n${readFileSync(join(clone.root, 'node_modules/wrangler/bin/wrangler.js'), 'utf8')}`,
    )
    const start = clone.start()
    await start.says(RUNNING)
    const { code, millis } = await start.end('SIGINT')
    expect(code).toBe(0)
    expect(millis).toBeGreaterThan(3500)
    expect(millis).toBeLessThan(5000)
    await nobodyServes(clone)
  })

  it('ends everything with the last words of a child that died', async () => {
    const clone = await fakeClone()
    const start = clone.start()
    await start.says(RUNNING)
    await fetch(`http://127.0.0.1:${clone.ports.origin}/die`).catch(() => undefined)
    expect((await start.end()).code).toBe(1)
    expect(start.output()).toContain('StartError: The origin ended unexpectedly (exit code 7).')
    expect(start.output()).toContain('the last words of the origin')
    await nobodyServes(clone)
  })

  it('removes on the next start what a killed one left, launchers gone or not', async () => {
    const clone = await fakeClone()
    const killed = clone.start()
    await killed.says(RUNNING)
    await killed.end('SIGKILL')
    expect([await isServed(clone.ports.origin), await isServed(clone.ports.edge)]).toEqual([true, true])
    // The launcher of the edge dies too: only the one who serves is left of its group.
    const record = JSON.parse(readFileSync(join(clone.root, '.estat/run/start.json'), 'utf8')) as {
      groups: { name: string; pid: number }[]
    }
    process.kill(record.groups.findLast(({ name }) => name === 'edge')?.pid ?? Number.NaN, 'SIGKILL')

    const next = clone.start()
    expect(await next.says(RUNNING)).toContain('Removed what a killed npm start had left running')
    await next.end('SIGINT')
    await nobodyServes(clone)
  })

  it('never kills a process that got a recorded number later', async () => {
    const clone = await fakeClone()
    const first = clone.start()
    await first.says(RUNNING)
    await first.end('SIGKILL')
    const bystander = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true })
    onTestFinished(() => void bystander.kill('SIGKILL'))
    const path = join(clone.root, '.estat/run/start.json')
    const record = JSON.parse(readFileSync(path, 'utf8')) as { groups: object[] }
    record.groups.push({ name: 'edge', pid: bystander.pid, identity: 'another/1' })
    writeFileSync(path, JSON.stringify(record))

    await clone.start().says(RUNNING)
    expect(bystander.exitCode ?? bystander.signalCode).toBeNull()
  })
})
