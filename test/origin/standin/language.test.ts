/** lang=E: English where a table has it, Japanese where it has not. */
import { expect, it } from 'vitest'
import { generatedTable } from '../../../origin/standin/generate/table.ts'
import { asking, askingText, at, many, valuesIn } from './ask.ts'
import { TOY_ID, toyTable } from './toy.ts'

const ID = '0009000001'
const tables = [toyTable(), generatedTable({ id: ID, seed: 1, rows: 300 })]
const ask = asking(tables)

it('metadata, data and lists of a table with English texts are English; its codes and figures are the same', async () => {
  const asked = { statsDataId: ID, lang: 'E' }
  const meta = await ask('getMetaInfo', asked)
  expect(at(meta.body, 'METADATA_INF', 'TABLE_INF', 'STAT_NAME', '$')).toBe('Population Census')
  const names = many(at(meta.body, 'METADATA_INF', 'CLASS_INF', 'CLASS_OBJ')).map((axis) => axis['@name'])
  expect(names).toEqual(['Tabulated variable', 'Class 01', 'Area', 'Time'])
  const [english, japanese] = [await ask('getStatsData', asked), await ask('getStatsData', { statsDataId: ID })]
  expect(at(english.body, 'PARAMETER', 'LANG')).toBe('E')
  const bare = (heard: typeof english) => valuesIn(heard).map(({ '@unit': _unit, ...rest }) => rest)
  expect(bare(english)).toEqual(bare(japanese))
  expect(valuesIn(english).map((value) => value['@unit'])).toContain('persons')
  expect(english.text).not.toMatch(/"@name":"[^"]*\\u5168\\u56FD/)
  const list = await ask('getStatsList', { lang: 'E', searchWord: 'Generated' })
  expect(many(at(list.body, 'DATALIST_INF', 'TABLE_INF')).map((table) => table['@id'])).toEqual([ID])
})

it('a table without them stays Japanese', async () => {
  const { body } = await ask('getMetaInfo', { statsDataId: TOY_ID, lang: 'E' })
  expect(at(body, 'METADATA_INF', 'TABLE_INF', 'STAT_NAME', '$')).toBe('国勢調査')
})

it('CSV is English too', async () => {
  const { text } = await askingText(tables)('getSimpleStatsData', { statsDataId: ID, lang: 'E', sectionHeaderFlg: '2' })
  expect(text.split('\n')[0]).toContain('"area_code","Area"')
  expect(text).toContain('"Japan"')
})
