/** `search_files` through the door that MCP and plain HTTP share, over the stand-in and over an e-Stat that is slow. */
import { describe, expect, it } from 'vitest'
import { readXml } from '../../../infra/scripts/build-sample/read-xml.ts'
import { statsCatalogHttp } from '../../../origin/adapters/stats-catalog-http.ts'
import type { Send } from '../../../origin/adapters/stats-http-attempt.ts'
import { pacer, paced } from '../../../origin/adapters/stats-http-pace.ts'
import { callTool } from '../../../origin/call-tool.ts'
import type { Ports, StatsFiles } from '../../../origin/ports.ts'
import { generatedFiles } from '../../../origin/standin/generate/files.ts'
import { createStandin } from '../../../origin/standin/standin.ts'
import { childNamed, childrenNamed, type Element } from '../../../origin/standin/tree.ts'
import { estimateTokens } from '../../../origin/tools/budget.ts'
import { searchFiles } from '../../../origin/tools/search-files.ts'
import { readRecording, recordingsPresent } from '../../recordings.ts'

const APP_ID = '0123456789abcdef0123456789abcdef01234567'
const NOW = Date.UTC(2026, 10, 20)

interface Terms {
  readonly appId?: string
  readonly millis?: number
  readonly signal?: AbortSignal
}

async function call(files: StatsFiles, args: unknown, { appId, millis = 20_000, signal }: Terms = {}) {
  const { result, text, storable } = await callTool(
    {
      tools: [searchFiles],
      ports: { files, stats: { origin: 'live' } } as unknown as Ports,
      limits: { fetchRows: 100_000, millis },
      now: () => NOW,
      newId: () => 'id',
    },
    {
      name: 'search_files',
      args,
      caller: { id: 'test', tenant: 'estat', scopes: ['read'] },
      appId: appId ?? null,
      signal: signal ?? new AbortController().signal,
    },
  )
  expect(estimateTokens(JSON.stringify(result))).toBeLessThan(8_000)
  return { answer: searchFiles.output.parse(result), text, storable }
}

const standin = (files: Iterable<Element>): Send =>
  createStandin({ tables: [], files, accepts: [APP_ID], now: () => NOW })

function noting(send: Send): { readonly send: Send; readonly asked: URL[] } {
  const asked: URL[] = []
  return {
    asked,
    send: (request) => {
      asked.push(new URL(request.url))
      return send(request)
    },
  }
}

const generated = standin(generatedFiles({ seed: 3, tables: 400 }))
const over = (send: Send, appId: string | null = APP_ID): StatsFiles =>
  statsCatalogHttp({ send, appId, now: Date.now, random: () => 0 })
const silent: Send = () => new Promise(() => {})

describe.runIf(recordingsPresent)('datacatalog.xml', () => {
  it('is found by words, kind and survey, with its link as recorded', async () => {
    const recorded = readRecording('datacatalog.xml')
    const list = childNamed(readXml(recorded), 'DATA_CATALOG_LIST_INF') as Element
    const files = over(standin(childrenNamed(list, 'DATA_CATALOG_INF')))
    const asked = { query: '検察官 在職状況', data_type: 'XLS', stats_code: '00000002' }
    const { answer, text } = await call(files, asked)
    const url = 'https://www.e-stat.go.jp/stat-search/file-download?&statInfId=000026290978&fileKind=0'
    expect(answer).toMatchObject({
      complete: true,
      results: [
        {
          resource_id: '000006912081',
          dataset_id: '000001120179',
          table_name: '省庁別、区分別検察官数（第５表）',
          stats_code: '00000002',
          organisation: '内閣官房',
          survey_date: '200904-201003',
          format: 'XLS',
          url,
          release_date: '2016-11-01',
        },
      ],
      counts: { data_sets: 1, matched: 1, returned: 1, truncated: false },
      guidance: null,
      next_cursor: null,
    })
    expect(recorded).toContain(url.replaceAll('&', '&amp;'))
    expect(text).toContain(url)
    expect(text).toContain('国によって保証されたものではありません')
  })
})

describe('generated files', () => {
  it.each([
    [3, undefined],
    [20, 'CSV,PDF'],
  ])('pages of %i join without gap or repetition, kinds %s', async (max_results, data_type) => {
    const whole = await over(generated).find(
      { words: ['人口'], statsCode: null, formats: data_type?.split(',') ?? [], start: 1, limit: 400 },
      { lang: 'J', signal: new AbortController().signal },
      5000,
    )
    const expected = whole?.datasets.flatMap(({ files }) => files.map(({ id }) => id)) ?? []
    expect(expected.length).toBeGreaterThan(30)
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const { answer } = await call(over(generated), { query: '人口', max_results, data_type, cursor })
      expect(answer.results.length).toBeLessThanOrEqual(max_results)
      expect(answer.counts).toMatchObject({ truncated: answer.next_cursor !== null, data_sets: whole?.total })
      seen.push(...answer.results.map(({ resource_id }) => resource_id))
      cursor = answer.next_cursor
    } while (cursor !== null)
    expect(seen).toEqual(expected)
  })

  it('asks once, all words, and takes kinds as a list', async () => {
    const { send, asked } = noting(generated)
    const { answer } = await call(over(send), { query: '人口　世帯', data_type: ['pdf', 'XLS'], lang: 'E' })
    const [url] = asked
    expect(asked).toHaveLength(1)
    expect(Object.fromEntries(url?.searchParams ?? [])).toEqual({
      appId: APP_ID,
      lang: 'E',
      explanationGetFlg: 'N',
      searchWord: '人口 AND 世帯',
      dataType: 'XLS,PDF',
      startPosition: '1',
      limit: '5',
    })
    expect(answer.source).toMatchObject({ credit: expect.stringMatching(/^This service/), origin: 'live' })
  })

  it('a cursor of another question is refused before e-Stat is asked', async () => {
    const first = await call(over(generated), { query: '人口' })
    const { send, asked } = noting(generated)
    const other = { query: '人口', data_type: 'CSV', cursor: first.answer.next_cursor }
    await expect(call(over(send), other)).rejects.toMatchObject({ code: 'INVALID_PARAMETER' })
    expect(asked).toEqual([])
  })

  it('nothing found says what to do', async () => {
    const { answer } = await call(over(generated), { query: '国勢調査 どこにもない語', stats_code: '00200521' })
    expect(answer).toMatchObject({
      complete: true,
      results: [],
      counts: { data_sets: 0, matched: 0, truncated: false },
      surveys: [{ code: '00200521', files_page: expect.stringMatching(/^https:\/\/www\.e-stat\.go\.jp\/.*00200521$/) }],
      guidance: expect.stringMatching(/語を減らすか/),
    })
  })
})

describe('an e-Stat that does not answer in time', () => {
  it('is not waited for: guidance within the budget, nothing claimed, the request given up', async () => {
    // The request itself: on Node a signal whose request was collected hears of nothing (`shared/holding.ts`).
    let given: Request | null = null
    const send: Send = (request) => {
      given = request
      return silent(request)
    }
    const began = performance.now()
    const { answer, text } = await call(over(send), { query: '国勢調査' }, { millis: 1_000 })
    expect(performance.now() - began).toBeLessThan(1_000)
    expect(answer).toMatchObject({
      success: true,
      complete: false,
      results: [],
      counts: { data_sets: null, matched: null, returned: 0, truncated: true },
      guidance: expect.stringMatching(/stats_code.*lookup.*調査のページ/),
      source: { retrieved_at: null },
      next_cursor: null,
    })
    expect(answer.surveys[0]).toMatchObject({ code: '00200521', name: '国勢調査' })
    expect(text).toContain('時間内に応答しませんでした')
    expect(given).toMatchObject({ signal: { aborted: true } })
  })

  it('a body that never ends, and a turn that never comes, are no longer waited for either', async () => {
    const headAlone: Send = async () => new Response(new ReadableStream({}))
    const turns = pacer({ concurrency: 1, gapMs: 0 })
    const busy = new AbortController()
    void turns.run(() => new Promise(() => {}), busy.signal)
    for (const send of [headAlone, paced(turns, generated)])
      expect((await call(over(send), { query: '人口' }, { millis: 200 })).answer.complete).toBe(false)
  })

  it('keeps the place: the cursor comes back, and goes on once e-Stat answers', async () => {
    const { answer } = await call(over(generated), { query: '人口' })
    const asked = { query: '人口', cursor: answer.next_cursor }
    const late = await call(over(silent), asked, { millis: 200 })
    expect(late.answer.next_cursor).toBe(answer.next_cursor)
    expect((await call(over(generated), asked)).answer).toMatchObject({ complete: true, counts: { returned: 5 } })
  })

  it('a caller who leaves is no slow e-Stat', async () => {
    const gone = new AbortController()
    const running = call(over(silent), { query: '人口' }, { signal: gone.signal })
    gone.abort()
    await expect(running).rejects.toMatchObject({ code: 'CANCELLED' })
  })
})

it('may be kept where e-Stat answered, for everyone but a caller with an ID of its own', async () => {
  const kept = async (files: StatsFiles, terms?: Terms) => (await call(files, { query: '人口' }, terms)).storable
  expect(await kept(over(generated))).toBe(true)
  expect(await kept(over(silent), { millis: 200 })).toBe(false)
  expect(await kept(over(generated), { appId: APP_ID })).toBe(false)
})

describe('application IDs', () => {
  it('without one: says that none is bundled, and where a person finds the files; a cursor changes nothing', async () => {
    const { send, asked } = noting(generated)
    await expect(call(over(send, null), { query: '国勢調査' })).rejects.toMatchObject({
      code: 'NO_DATA',
      hint: expect.stringMatching(/ESTAT_APP_ID.*toukei=00200521/),
      candidates: expect.arrayContaining([{ code: '00200521', name: '国勢調査' }]),
    })
    expect(asked).toEqual([])
  })

  it("the caller's own is asked with", async () => {
    expect((await call(over(generated, null), { query: '人口' }, { appId: APP_ID })).answer.complete).toBe(true)
  })

  it.each<[string, Send, string]>([
    ['a refused ID', createStandin({ tables: [], accepts: [], now: () => NOW }), 'ESTAT_API_ERROR'],
    ['a maintenance page', async () => new Response('<html>'), 'ESTAT_UNAVAILABLE'],
    ['no connection', () => Promise.reject(new Error(`https://secret/${APP_ID}`)), 'ESTAT_UNAVAILABLE'],
  ])('%s is a fault without the ID', async (_what, send, code) => {
    const error: unknown = await call(over(send), { query: '人口' }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code })
    expect(String(error)).not.toMatch(/secret|0123456789abcdef/)
  })
})
