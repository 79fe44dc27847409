/** The supervisor with small children: everything `npm start` promises about beginning and ending. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readLocalState } from '../../infra/scripts/local-state.ts'
import { type FakeClone, fakeClone, isServed } from './fake-clone.ts'

const RUNNING = 'Stop: Ctrl-C'

const nobodyServes = async ({ ports }: FakeClone): Promise<void> => {
  expect([await isServed(ports.origin), await isServed(ports.edge)]).toEqual([false, false])
}

const ask = async <T>(port: number): Promise<T> => (await (await fetch(`http://127.0.0.1:${port}/`)).json()) as T

describe('a start that goes well', () => {
  it('serves both halves, takes the tour, shows where all is, and leaves nothing behind', async () => {
    const clone = await fakeClone()
    const start = clone.start({ ESTAT_APP_ID: 'an-id-of-the-test', AWS_SECRET_ACCESS_KEY: 'x', S3_BUCKET: 'my-lake' })
    const output = await start.says(RUNNING)

    const edgeUrl = `http://127.0.0.1:${clone.ports.edge}`
    const local = readLocalState(clone.root)
    expect(local?.url).toBe(edgeUrl)
    expect(output).toContain(`tour of --url ${edgeUrl} app id unknown`)
    expect(output).toContain('The tour passed')
    expect(output).toContain(`${edgeUrl}/mcp`)
    expect(output).toContain(join(clone.root, '.estat', 'my-lake'))
    expect(output).toContain(`"Authorization": "Bearer ${local?.key}"`)

    const origin = await ask<Record<string, string>>(clone.ports.origin)
    expect(origin).toMatchObject({ ESTAT_APP_ID: 'an-id-of-the-test', S3_BUCKET: 'my-lake', HOST: '127.0.0.1' })
    const edge = await ask<{ env: Record<string, string>; vars: string }>(clone.ports.edge)
    expect(Object.keys(edge.env)).not.toContain('ESTAT_APP_ID')
    expect(JSON.stringify(edge)).not.toMatch(/an-id-of-the-test|AWS_SECRET/)
    expect(edge.vars).toContain(`ORIGIN_URL='http://127.0.0.1:${clone.ports.origin}'`)
    expect(edge.vars).toMatch(/^CALLER_SIGNING_KEY='\{"kty":"OKP".*"d":/m)

    const { code, millis } = await start.end('SIGINT')
    expect(code).toBe(0)
    expect(millis).toBeLessThan(5000)
    await nobodyServes(clone)
  })

  it('keeps its keys for the next start, in files that only their owner reads', async () => {
    const clone = await fakeClone()
    const first = clone.start()
    await first.says(RUNNING)
    await first.end('SIGTERM')
    const before = readLocalState(clone.root)
    for (const path of ['local.json', 'run/edge.env'])
      expect(statSync(join(clone.root, '.estat', path)).mode & 0o777, path).toBe(0o600)
    const second = clone.start()
    await second.says(RUNNING)
    expect(readLocalState(clone.root)).toEqual(before)
  })

  it('serves on when the tour falls short, and says so', async () => {
    const start = (await fakeClone()).start({ LC_TOUR_CODE: '3' })
    expect(await start.says(RUNNING)).toContain('fell short (exit code 3)')
  })
})

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

describe('a start that cannot be', () => {
  it('says who holds a port and how to choose another', async () => {
    const clone = await fakeClone()
    const holder = createServer().listen(clone.ports.edge, '127.0.0.1')
    await once(holder, 'listening')
    onTestFinished(() => void holder.close())
    const start = clone.start()
    expect((await start.end()).code).toBe(1)
    expect(start.output().trim().split('\n')).toHaveLength(1)
    expect(start.output()).toContain(`StartError: Port ${clone.ports.edge} is taken`)
    expect(start.output()).toContain('EDGE_PORT=')
    // Only Linux tells who holds a port without help.
    expect(start.output()).toContain(process.platform === 'linux' ? `(process ${process.pid})` : 'Stop that')
  })

  it('does not start twice in one clone', async () => {
    const clone = await fakeClone()
    const first = clone.start()
    await first.says(RUNNING)
    const second = clone.start()
    expect((await second.end()).code).toBe(1)
    expect(second.output()).toContain(`npm start is running in this clone already (process ${first.process.pid})`)
    expect(await isServed(clone.ports.edge)).toBe(true)
  })

  it.each([
    [{ PORT: 'eighty' }, 'PORT must be a port from 1 to 65535.'],
    [{ EDGE_PORT: '70000' }, 'EDGE_PORT must be a port from 1 to 65535.'],
    [{ PORT: '9000', EDGE_PORT: '9000' }, 'PORT and EDGE_PORT are both 9000'],
    [{ AUTH_MODE: 'guess' }, 'AUTH_MODE: '],
    [{ S3_BUCKET: 'No Bucket' }, 'S3_BUCKET: '],
  ])('names the wrong setting %o', async (env, line) => {
    const start = (await fakeClone()).start(env)
    expect((await start.end()).code).toBe(1)
    expect(start.output()).toContain(line)
    expect(start.output()).not.toMatch(/\n\s+at /)
  })

  it('says in one line that it cannot write', async () => {
    const clone = await fakeClone()
    writeFileSync(join(clone.root, '.estat'), 'a file where the folder must be')
    const start = clone.start()
    expect((await start.end()).code).toBe(1)
    expect(start.output().trim().split('\n')).toHaveLength(1)
    expect(start.output()).toContain('cannot be written (a file is where a folder must be)')
  })
})
