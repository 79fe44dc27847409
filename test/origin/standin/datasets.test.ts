/** Registered datasets, against what e-Stat sent and on a table of the tests' own. */
import { beforeEach, describe, expect, it } from 'vitest'
import { readXml } from '../../../infra/scripts/build-sample/read-xml.ts'
import { createStandin, type Standin } from '../../../origin/standin/standin.ts'
import type { StandinTable } from '../../../origin/standin/table.ts'
import { childNamed, childrenNamed, type Element, textOf } from '../../../origin/standin/tree.ts'
import { readRecording, recordingsPresent } from '../../recordings.ts'
import { APP_ID } from './ask.ts'
import { TOY_ID, toyTable } from './toy.ts'

type Sent = Readonly<Record<string, string>>
const BASE = 'http://standin.invalid/rest/3.0/app/'
const textOfAnswer = async (answer: Promise<Response>): Promise<string> => (await answer).text()
const get = (standin: Standin, path: string, sent: Sent = {}): Promise<string> =>
  textOfAnswer(standin(new Request(`${BASE}${path}?${new URLSearchParams({ appId: APP_ID, ...sent }).toString()}`)))
const post = (standin: Standin, sent: Sent, path = 'postDataset'): Promise<string> =>
  textOfAnswer(
    standin(new Request(`${BASE}${path}`, { method: 'POST', body: new URLSearchParams({ appId: APP_ID, ...sent }) })),
  )
const statusOf = (xml: string): string | undefined => /<STATUS>(\d+)/.exec(xml)?.[1]

const momentOf = (xml: string): number => Date.parse(/<DATE>([^<]+)/.exec(xml)?.[1] ?? '')
/** The recordings were indented by whoever kept them. */
const unindented = (xml: string): string => xml.trim().replaceAll(/>\s+</g, '><')

/** A table with that TABLE_INF, which counts as the recording says. */
const tableOf = (info: Element, counts: number[]): StandinTable => ({
  ...toyTable(),
  id: info.attributes['id'] ?? '',
  info,
  rows: { total: 1, count: () => counts.shift() ?? 0, scan: () => [] },
})

describe.runIf(recordingsPresent)('Registered and referred to as recorded', () => {
  it('post_dataset.xml, byte for byte', async () => {
    const recorded = readRecording('post_dataset.xml')
    const info = readXml(
      '<TABLE_INF id="0003010900"><STAT_NAME code="00200522">住宅・土地統計調査</STAT_NAME></TABLE_INF>',
    )
    const standin = createStandin({ tables: [tableOf(info, [2])], accepts: [APP_ID], now: () => momentOf(recorded) })
    const sent = {
      statsDataId: '0003010900',
      dataSetName: '住宅・土地統計調査　データセット１',
      cdCat01From: '01',
      cdCat01To: '02',
      cdCat02: '03',
      lvArea: '1',
      openSpecified: '1',
      processMode: 'E',
    }
    expect(await post(standin, sent)).toBe(recorded)
  })

  it('ref_dataset.xml', async () => {
    const recorded = readRecording('ref_dataset.xml')
    const [info] = tableInfosIn(recorded)
    const standin = createStandin({
      tables: [tableOf(info as Element, [0, 14_382])],
      accepts: [APP_ID],
      now: () => momentOf(recorded),
    })
    const dataSetId = 'CTCdemo-kokusei1'
    await post(standin, { dataSetId, statsDataId: '0003038586', cdCat01: '00710', lvArea: '1-4', openSpecified: '1' })
    expect(await get(standin, 'refDataset', { dataSetId })).toBe(unindented(recorded))
  })

  it('dataset_list.xml, with all its seventeen', async () => {
    const recorded = readRecording('dataset_list.xml')
    const entries = entriesIn(recorded)
    const counts: number[] = []
    const tables = new Map(tableInfosIn(recorded).map((info) => [info.attributes['id'], tableOf(info, counts)]))
    const standin = createStandin({ tables: [...tables.values()], accepts: [APP_ID], now: () => momentOf(recorded) })
    for (const entry of entries) {
      const name = childNamed(entry, 'DATASET_NAME')
      await post(standin, {
        dataSetId: entry.attributes['id'] ?? '',
        statsDataId: childNamed(entry, 'TABLE_INF')?.attributes['id'] ?? '',
        openSpecified: textOf(childNamed(entry, 'PUBLIC_STATE')) === 'YES' ? '1' : '0',
        ...(name === null ? {} : { dataSetName: textOf(name) }),
      })
    }
    counts.push(
      ...entries.map((entry) => Number(textOf(childNamed(childNamed(entry, 'RESULT_INF') as Element, 'TOTAL_NUMBER')))),
    )
    expect(entries.length).toBe(17)
    expect((await get(standin, 'refDataset')) === unindented(recorded)).toBe(true)
  })
})

const entriesIn = (xml: string): readonly Element[] =>
  childrenNamed(childNamed(readXml(xml), 'DATASET_LIST_INF') as Element, 'DATASET_INF')
function tableInfosIn(xml: string): readonly Element[] {
  const root = readXml(xml)
  const entries = childNamed(root, 'DATASET_LIST_INF') === null ? childrenNamed(root, 'DATASET_INF') : entriesIn(xml)
  return entries.flatMap((entry) => childrenNamed(entry, 'TABLE_INF'))
}

describe('A dataset', () => {
  let standin: Standin
  const OTHER = 'another-id'
  beforeEach(() => {
    standin = createStandin({ tables: [toyTable()], accepts: [APP_ID, OTHER], now: () => 0 })
  })
  const register = (sent: Sent = {}) =>
    post(standin, { dataSetId: 'mine', statsDataId: TOY_ID, cdCat01: '000,020', ...sent })
  const counted = async (sent: Sent): Promise<string | undefined> =>
    /"TOTAL_NUMBER":(\d+)/.exec(await get(standin, 'json/getStatsData', { dataSetId: 'mine', ...sent }))?.[1]

  it('narrows data, and what is sent with it narrows further', async () => {
    expect(await register()).toContain('<TOTAL_NUMBER>7</TOTAL_NUMBER>')
    expect(await counted({})).toBe('7')
    expect(await counted({ cdCat01: '020,#H1' })).toBe('4')
    expect(await counted({ cdTab: '2' })).toBe('3')
    const csv = await get(standin, 'getSimpleStatsData', { dataSetId: 'mine', sectionHeaderFlg: '2' })
    expect(csv.split('\n').length).toBe(9)
  })

  it('is its owner’s alone until it is public, and then nobody else’s to change', async () => {
    await register()
    expect(statusOf(await get(standin, 'refDataset', { dataSetId: 'mine', appId: OTHER }))).toBe('105')
    expect(statusOf(await get(standin, 'refDataset', { appId: OTHER }))).toBe('1')
    expect(await register({ openSpecified: '1' })).toContain('mode="update"')
    expect(statusOf(await get(standin, 'refDataset', { dataSetId: 'mine', appId: OTHER }))).toBe('0')
    expect(statusOf(await register({ appId: OTHER }))).toBe('301')
    expect(statusOf(await register({ appId: OTHER, processMode: 'D' }))).toBe('105')
  })

  it('is gone once it is deleted', async () => {
    await register()
    expect(await register({ processMode: 'D' })).toContain('mode="delete"')
    expect(statusOf(await get(standin, 'getStatsData', { dataSetId: 'mine' }))).toBe('105')
    expect(statusOf(await register({ processMode: 'D' }))).toBe('105')
  })

  it.each([
    [{ dataSetId: 'not a name' }, '301'],
    [{ dataSetId: 'x'.repeat(31) }, '301'],
    [{ dataSetName: '名'.repeat(257) }, '301'],
    [{ statsDataId: '' }, '301'],
    [{ statsDataId: '9999999999' }, '300'],
    [{ lvCat01: 'x' }, '301'],
    [{ processMode: 'X' }, '301'],
    [{ appId: 'unknown' }, '100'],
  ])('is refused with %j', async (sent, status) => {
    expect(statusOf(await register(sent))).toBe(status)
  })

  it('is registered by POST alone', async () => {
    expect((await standin(new Request(`${BASE}postDataset?appId=${APP_ID}`))).status).toBe(405)
  })
})
