/** The stand-in over HTTP, as `npm run standin` starts it: for any client, with faults that a request asks for. */
import { type ChildProcess, spawn } from 'node:child_process'
import { get } from 'node:http'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { statsHttp } from '../../origin/adapters/stats-http.ts'

const script = fileURLToPath(new URL('../../infra/scripts/standin.ts', import.meta.url))
const ask = { lang: 'J', signal: new AbortController().signal } as const

/** Runs the script until it says something on `stdout` that matches, or ends. */
function run(...args: string[]): { child: ChildProcess; said: (pattern: RegExp) => Promise<string> } {
  const child = spawn(process.execPath, [script, ...args])
  let output = ''
  const said = (pattern: RegExp) =>
    new Promise<string>((resolve) => {
      const look = (): void => void (pattern.test(output) && resolve(output))
      for (const stream of [child.stdout, child.stderr])
        stream.on('data', (text: Buffer) => {
          output += text.toString()
          look()
        })
      child.on('exit', (code) => resolve(`${output}exit ${code}`))
    })
  return { child, said }
}

let child: ChildProcess
let base: string
beforeAll(async () => {
  const started = run('--port', '0', '--rows', '1200', '--tables', '30', '--seed', '5', '--app-id', 'mine')
  child = started.child
  base = /http:\/\/[^/]+/.exec(await started.said(/application ID/))?.[0] ?? ''
})
afterAll(() => void child?.kill('SIGTERM'))

const url = (path: string, query = ''): string => `${base}/rest/3.0/app/${path}?appId=mine&${query}`

describe('npm run standin', () => {
  it('serves bundled and generated tables to our own client', async () => {
    const source = statsHttp({ send: fetch, baseUrl: base, appId: 'mine', origin: 'live', now: Date.now })
    expect((await source.describe('0003280145', ask)).info.id).toBe('0003280145')
    expect(await source.count({ id: '0009000001', narrow: [] }, ask)).toBe(1200)
    const page = await source.page({ id: '0009000001', narrow: [] }, { start: 1101, limit: 200 }, ask)
    expect([page.from, page.to, page.values.length]).toEqual([1101, 1200, 100])
  })

  it('lists the generated catalogue, and answers CSV as plain text', async () => {
    const list = (await (await fetch(url('json/getStatsList', 'openYears=1980-2030'))).json()) as {
      GET_STATS_LIST: { DATALIST_INF: { NUMBER: number } }
    }
    expect(list.GET_STATS_LIST.DATALIST_INF.NUMBER).toBeGreaterThanOrEqual(30)
    const csv = await fetch(url('getSimpleStatsData', 'statsDataId=0009000001&sectionHeaderFlg=2'))
    expect(csv.headers.get('content-type')).toBe('text/plain;charset=utf-8')
    expect((await csv.text()).split('\n').length).toBe(1202)
  })

  it('zips for those who take it, and refuses an application ID that it was not given', async () => {
    const encoding = (headers: Record<string, string>) =>
      new Promise((resolve) => {
        get(url('json/getMetaInfo', 'statsDataId=0003280145'), { headers }, (answer) => {
          answer.resume()
          resolve(answer.headers['content-encoding'])
        })
      })
    expect([await encoding({ 'accept-encoding': 'gzip' }), await encoding({})]).toEqual(['gzip', undefined])
    expect((await fetch(url('json/getMetaInfo').replace('mine', 'other'))).status).toBe(403)
  })

  it.each([
    ['waf', 403, /Access Denied/],
    ['http:502', 502, /502/],
    ['maintenance-200', 200, /メンテナンス/],
    ['too-many:9', 429, /Too Many/],
    ['truncated:30', 200, /^\{"GET_META_INFO.*[^}]$/],
    ['no such fault', 200, /^\{"GET_META_INFO.*\}$/],
  ])('fails as the request says: %s', async (fault, status, body) => {
    const byHeader = await fetch(url('json/getMetaInfo', 'statsDataId=0003280145'), {
      headers: { 'x-standin-fault': fault },
    })
    const byQuery = await fetch(
      url('json/getMetaInfo', `statsDataId=0003280145&standinFault=${encodeURIComponent(fault)}`),
    )
    expect([byHeader.status, byQuery.status]).toEqual([status, status])
    expect([await byHeader.text(), await byQuery.text()]).toEqual([
      expect.stringMatching(body),
      expect.stringMatching(body),
    ])
  })

  it('loses the connection before and within an answer', async () => {
    const lost = (fault: string) =>
      fetch(url('getSimpleStatsData', `statsDataId=0009000001&standinFault=${fault}`)).then((answer) => answer.text())
    await expect(lost('reset')).rejects.toThrow('fetch failed')
    await expect(lost('broken-off')).rejects.toThrow('terminated')
  })

  it('fails by itself at every n-th request where it was started so', async () => {
    const other = run('--port', '0', '--fault', 'http:503', '--every', '2')
    const at = /http:\/\/[^/]+/.exec(await other.said(/application ID/))?.[0] ?? ''
    const statuses: number[] = []
    for (let request = 1; request <= 4; request++)
      statuses.push((await fetch(`${at}/rest/3.0/app/json/getMetaInfo?appId=standin&statsDataId=0003280145`)).status)
    other.child.kill('SIGTERM')
    expect(statuses).toEqual([200, 503, 200, 503])
  })

  it.each([
    [['--help'], /--rows N[\s\S]*exit 0/],
    [['--rows', 'many'], /--rows is a whole number[\s\S]*exit 1/],
    [['--fault', 'gremlins'], /"gremlins" is none of: latency[\s\S]*exit 1/],
    [['--colour'], /colour[\s\S]*exit 1/],
  ])('%j says what it takes', async (args, expected) => {
    expect(await run(...args).said(/\0/)).toMatch(expected)
  })
})
