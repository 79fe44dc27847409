/** The stand-in against what e-Stat sent: bytes where they were kept, every cell of every recording otherwise. */
import { describe, expect, it } from 'vitest'
import { readCells, readRecording, recordingsPresent, VALUE_RECORDINGS, valueRecordings } from '../../recordings.ts'
import { tableOfRecording } from '../../standin/table-of-recording.ts'
import { asking, at, many, valuesIn } from './ask.ts'

const momentOf = (recording: string): number => Date.parse(/"DATE":\s*"([^"]+)"/.exec(recording)?.[1] ?? '')

/** What was asked for, from PARAMETER. */
const ASKED: readonly (readonly [file: string, asked: Record<string, string>])[] = [
  [
    'statsdata_0003280145_raw.json',
    {
      statsDataId: '0003280145',
      metaGetFlg: 'Y',
      cntGetFlg: 'N',
      explanationGetFlg: 'Y',
      annotationGetFlg: 'Y',
      sectionHeaderFlg: '1',
    },
  ],
  [
    'statsdata_0000020201_A1101_v2.1.json',
    { statsDataId: '0000020201', cdCat01: 'A1101', metaGetFlg: 'Y', cntGetFlg: 'N', sectionHeaderFlg: '1' },
  ],
  ['statsdata_0003005798.json', { statsDataId: '0003005798', cdTime: '2024000101' }],
]
/** Bodies that were kept as they were sent; the others were written anew by whoever kept them. */
const AS_SENT = ASKED.slice(0, 2)

describe.runIf(recordingsPresent)('With the table of a recording, the stand-in answers what was recorded', () => {
  const answers = async (file: string, asked: Record<string, string>): Promise<string> =>
    (await asking([tableOfRecording(file)], { now: () => momentOf(readRecording(file)) })('getStatsData', asked)).text

  it.each(AS_SENT)('%s, byte for byte', async (file, asked) => {
    // toBe would print megabytes.
    expect((await answers(file, asked)) === readRecording(file)).toBe(true)
  })

  it.each(ASKED)('%s, key for key in its order', async (file, asked) => {
    const text = await answers(file, asked)
    expect(JSON.stringify(JSON.parse(text))).toBe(JSON.stringify(JSON.parse(readRecording(file))))
  })

  it('statsdata_0000020202_limit10.json, but for the rows that were not recorded', async () => {
    const recording = readRecording('statsdata_0000020202_limit10.json')
    const table = tableOfRecording('statsdata_0000020202_limit10.json')
    const rows = { ...table.rows, count: () => 403_227 }
    const ask = asking([{ ...table, rows }], { now: () => momentOf(recording) })
    const { text } = await ask('getStatsData', { statsDataId: '0000020202', limit: '10' })
    expect(JSON.stringify(JSON.parse(text))).toBe(JSON.stringify(JSON.parse(recording)))
  })

  it('error100_v2.1.json, with HTTP 403', async () => {
    const recording = readRecording('error100_v2.1.json')
    const { http, text } = await asking([], { accepts: [], now: () => momentOf(recording) })('getStatsData', {
      statsDataId: '0000020203',
      cdCat01: 'C120110,C120120',
      cntGetFlg: 'N',
      sectionHeaderFlg: '1',
    })
    expect(http).toBe(403)
    expect(text).toBe(recording)
  })
})

describe.runIf(recordingsPresent)('Every recorded cell is found again through the stand-in', () => {
  it('in as many recordings as hold values', () => {
    expect(valueRecordings).toHaveLength(VALUE_RECORDINGS)
  })

  it.each(valueRecordings)('%s', async (file) => {
    const { id, cells } = readCells(file)
    const ask = asking([tableOfRecording(file)])
    const heard = await ask('getStatsData', { statsDataId: id })
    const meta = await ask('getMetaInfo', { statsDataId: id })
    const names = new Map(
      many(at(meta.body, 'METADATA_INF', 'CLASS_INF', 'CLASS_OBJ')).flatMap((object) =>
        many(object['CLASS']).map((one) => [`${object['@id']} ${one['@code']}`, one['@name']] as const),
      ),
    )
    const values = valuesIn(heard)
    expect(values).toHaveLength(cells.length)
    const keyOf = (codes: Readonly<Record<string, string>>): string =>
      JSON.stringify(
        Object.keys(codes)
          .toSorted()
          .map((axis) => [axis, codes[axis]]),
      )
    const found = new Map(
      values.map(({ $, '@unit': unit = null, ...rest }) => {
        const codes = Object.fromEntries(Object.entries(rest).map(([key, code]) => [key.slice(1), code]))
        return [keyOf(codes), { text: $, unit, names: namesOf(codes, names) }] as const
      }),
    )
    const missing = cells.filter((cell) => {
      const codes = cell.codes ?? cell.names ?? {}
      const one = found.get(keyOf(codes))
      const named = cell.names === undefined || (one && keyOf(one.names) === keyOf(cell.names))
      return one === undefined || one.text !== cell.text || one.unit !== cell.unit || !named
    })
    expect(missing).toEqual([])
  })
})

const namesOf = (codes: Readonly<Record<string, string>>, names: ReadonlyMap<string, string | undefined>) =>
  Object.fromEntries(Object.entries(codes).map(([axis, code]) => [axis, names.get(`${axis} ${code}`) ?? '']))
