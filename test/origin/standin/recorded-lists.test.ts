/** getStatsList against recorded lists: every key of the answer in its order. */
import { describe, expect, it } from 'vitest'
import { treeFromJson } from '../../../origin/standin/read-json.ts'
import type { StandinListing } from '../../../origin/standin/table.ts'
import { childNamed, childrenNamed, type Element, textOf } from '../../../origin/standin/tree.ts'
import { readRecording, recordingsPresent } from '../../recordings.ts'
import { asking, at, many } from './ask.ts'

/** TABLE_INF of a recorded list, one listing for each table, with the areas that it was listed for. */
function listingsIn(file: string): readonly StandinListing[] {
  const root = treeFromJson(JSON.parse(readRecording(file)))
  const list = childNamed(root, 'DATALIST_INF')
  const byId = new Map<string, Element[]>()
  for (const info of list === null ? [] : childrenNamed(list, 'TABLE_INF')) {
    const id = info.attributes['id'] ?? ''
    byId.set(id, [...(byId.get(id) ?? []), info])
  }
  return [...byId.values()].flatMap((infos) => {
    const areas = infos.map((info) => textOf(childNamed(info, 'COLLECT_AREA'))).filter((area) => area !== '')
    return infos.slice(0, 1).map((info) => ({ info, collectAreas: areas }))
  })
}

const momentOf = (file: string): number => Date.parse(/"DATE": "([^"]+)"/.exec(readRecording(file))?.[1] ?? '')

describe.runIf(recordingsPresent)('The stand-in lists what was recorded', () => {
  it.each([
    ['statslist_smallarea_2015.json', { surveyYears: '2015', statsCode: '00200521', searchKind: '2' }],
    ['statslist_00200524_2017_v2.1.json', { surveyYears: '2017', statsCode: '00200524' }],
  ])('%s', async (file, asked) => {
    const ask = asking([], { listed: listingsIn(file), now: () => momentOf(file) })
    const { text } = await ask('getStatsList', asked)
    expect(JSON.stringify(JSON.parse(text))).toBe(JSON.stringify(JSON.parse(readRecording(file))))
  })

  it('statslist_census_excerpt.json: four listings of two tables, one of them three times', async () => {
    const file = 'statslist_census_excerpt.json'
    const ask = asking([], { listed: listingsIn(file), now: () => momentOf(file) })
    const recorded = (JSON.parse(readRecording(file)) as { GET_STATS_LIST: Record<string, unknown> }).GET_STATS_LIST
    const { body } = await ask('getStatsList', {
      surveyYears: '2020',
      statsCode: '00200521',
      searchWord: '男女別人口',
      explanationGetFlg: 'N',
      limit: '40',
    })
    expect(body['PARAMETER']).toEqual(recorded['PARAMETER'])
    const listed = many(at(body, 'DATALIST_INF', 'TABLE_INF'))
    expect(listed).toHaveLength(4)
    expect(JSON.stringify(listed)).toBe(JSON.stringify(at(recorded, 'DATALIST_INF', 'TABLE_INF')))
  })

  it('statsnamelist_census.json: four surveys, from tables of each', async () => {
    const file = 'statsnamelist_census.json'
    const recorded = (JSON.parse(readRecording(file)) as { GET_STATS_LIST: Record<string, unknown> }).GET_STATS_LIST
    const surveys = many(at(recorded, 'DATALIST_INF', 'LIST_INF')).toReversed()
    const listed = surveys.map((survey, index) => ({
      info: treeFromJson({
        TABLE_INF: { ...survey, '@id': `000000000${index}`, STATISTICS_NAME: '国勢調査を用いたもの' },
      }),
      collectAreas: [],
    }))
    const { text } = await asking([], { listed, now: () => momentOf(file) })('getStatsList', {
      searchWord: '国勢調査',
      statsNameList: 'Y',
    })
    expect(JSON.stringify(JSON.parse(text))).toBe(JSON.stringify({ GET_STATS_LIST: recorded }))
  })
})
