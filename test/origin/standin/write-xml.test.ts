/** The XML form against what e-Stat sent. */
import { describe, expect, it } from 'vitest'
import { readXml } from '../../../infra/scripts/build-sample/read-xml.ts'
import { branch, leaf } from '../../../origin/standin/tree.ts'
import { writeXml } from '../../../origin/standin/write-xml.ts'
import { readRecording, recordingsPresent } from '../../recordings.ts'
import { tableOfRecording } from '../../standin/table-of-recording.ts'
import { askingText } from './ask.ts'
import { toyTable } from './toy.ts'

const momentOf = (xml: string): number => Date.parse(/<DATE>([^<]+)/.exec(xml)?.[1] ?? '')
/** The recordings were indented by whoever kept them. */
const unindented = (xml: string): string => xml.trim().replaceAll(/>\s+</g, '><')

describe.runIf(recordingsPresent)(
  'With the table of a recording, the stand-in answers what was recorded as XML',
  () => {
    it.each([
      ['statsdata_0003109741_gdp.xml', 'getStatsData'],
      ['meta_0003109741_gdp.xml', 'getMetaInfo'],
    ])('%s', async (file, operation) => {
      const recorded = readRecording(file)
      const ask = askingText([tableOfRecording('statsdata_0003109741_gdp.xml')], { now: () => momentOf(recorded) })
      const { text, type } = await ask(operation, { statsDataId: '0003109741' })
      expect(text === unindented(recorded)).toBe(true)
      expect(type).toBe('text/xml;charset=utf-8')
    })
  },
)

it('escapes what XML has marks for, and reads back as it was', () => {
  const awkward = `a<b>&"c"'d' 全角`
  const tree = branch('ROOT', [leaf('CLASS', null, { name: awkward }), leaf('VALUE', awkward), leaf('X', '')])
  const text = writeXml(tree, null)
  expect(readXml(text)).toEqual({ ...tree, content: [...(tree.content as object[]).slice(0, 2), leaf('X', null)] })
  expect(text).toContain('<X></X>')
})

it('errors come in the format that was asked for', async () => {
  const { http, text } = await askingText([toyTable()])('getMetaInfo', { statsDataId: '9999999999' })
  expect([http, text]).toEqual([400, expect.stringContaining('<STATUS>300</STATUS>')])
})
