import { expect, it } from 'vitest'
import { completeDatasets } from '../../../origin/completion/datasets.ts'
import { completeThemes } from '../../../origin/completion/themes.ts'
import { buildIndex } from '../../../origin/estat/search/index.ts'
import { NOTHING_KNOWN } from '../../../origin/estat/nothing-known.ts'

const entry = (id: string, title: string) => ({
  id,
  statName: { code: '00200524', name: '人口推計' },
  govOrg: { code: '00200', name: '総務省' },
  statisticsName: '人口推計',
  title,
  ...NOTHING_KNOWN,
  bundled: false,
})
const index = buildIndex([
  ...Array.from({ length: 250 }, (_, at) => entry(String(3_000_000 + at).padStart(10, '0'), `表 ${at}`)),
  entry('0000020201', '市区町村 人口'),
])

it('completes ids in order and tells how many there are in all', () => {
  const found = completeDatasets('000300', index)
  expect(found.length).toBe(250)
  expect(Object.keys(found)).toHaveLength(100)
  expect([found[0], found[99]]).toEqual(['0003000000', '0003000099'])
  expect(completeDatasets('0003000249', index)).toEqual(['0003000249'])
  expect(completeDatasets('０００', index)).toHaveLength(251)
  expect(completeDatasets('00000', index)).toEqual(['0000020201'])
  for (const typed of ['', ' ', '9', '00030000001']) expect(completeDatasets(typed, index)).toEqual([])
})

it('completes words of the title', () => {
  expect(completeDatasets('市区町村', index)[0]).toBe('0000020201')
  expect(completeDatasets('存在しない言葉', index)).toEqual([])
})

it('completes themes in Japanese and English, and surveys by name', () => {
  expect(completeThemes('', 'J')[0]).toBe('人口')
  expect(completeThemes('', 'E')[0]).toBe('population')
  expect(completeThemes('失業', 'J')).toContain('完全失業率')
  expect(completeThemes('unemp', 'J')).toContain('unemployment rate')
  expect(completeThemes('労働力調', 'J')).toContain('労働力調査')
  expect(completeThemes('ＧＤＰ', 'J')).toContain('gdp')
  expect(completeThemes('ぬぬぬ', 'J')).toEqual([])
})
