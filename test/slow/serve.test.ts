/** The supervisor with small children: everything `npm start` promises about beginning and ending. */
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readLocalState } from '../../infra/scripts/local-state.ts'
import { fakeClone, isServed, nobodyServes, RUNNING } from '../infra/fake-clone.ts'

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
    expect(edge.vars).toMatch(/^CACHE_GENERATION='[0-9a-f-]{36}'$/m)
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
    const generation = readFileSync(join(clone.root, '.estat/run/edge.env'), 'utf8').match(
      /^CACHE_GENERATION=.*$/m,
    )?.[0]
    for (const path of ['local.json', 'run/edge.env'])
      expect(statSync(join(clone.root, '.estat', path)).mode & 0o777, path).toBe(0o600)
    const second = clone.start()
    await second.says(RUNNING)
    expect(readLocalState(clone.root)).toEqual(before)
    // The cache on this disk may hold answers of another source: nothing of it is read again.
    expect(generation).toBeDefined()
    expect(readFileSync(join(clone.root, '.estat/run/edge.env'), 'utf8')).not.toContain(generation)
  })

  it('serves on when the tour falls short, and says so', async () => {
    const start = (await fakeClone()).start({ LC_TOUR_CODE: '3' })
    expect(await start.says(RUNNING)).toContain('fell short (exit code 3)')
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

  it('names a wrong setting without a stack trace', async () => {
    const start = (await fakeClone()).start({ AUTH_MODE: 'guess' })
    expect((await start.end()).code).toBe(1)
    expect(start.output()).toContain('AUTH_MODE: ')
    expect(start.output()).not.toMatch(/\n\s+at /)
  })

  it.each([
    ['a file is in its place', (root: string) => join(root, 'package.json')],
    ['a file is above it', (root: string) => join(root, 'package.json', 'data')],
    // Node's own recursive mkdir never comes back from there.
    ...(existsSync('/proc/self') ? [['nothing can be made there', () => '/proc/nope'] as const] : []),
  ] as const)('says in one line that the data folder cannot be written: %s', async (_name, folderIn) => {
    const clone = await fakeClone()
    const start = clone.start({ ESTAT_DATA_DIR: folderIn(clone.root) })
    expect(await start.end()).toMatchObject({ code: 1, millis: expect.toSatisfy((millis: number) => millis < 5000) })
    expect(start.output().trim().split('\n')).toHaveLength(1)
    expect(start.output()).toMatch(/^StartError: The data folder .+ cannot be written \(.+\)\. .*ESTAT_DATA_DIR/)
    await nobodyServes(clone)
  })

  it('leaves no trace in the data folder', async () => {
    const clone = await fakeClone()
    await clone.start({ ESTAT_DATA_DIR: 'some/data' }).says(RUNNING)
    expect(readdirSync(join(clone.root, 'some/data/estat-lake'))).toEqual([])
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
