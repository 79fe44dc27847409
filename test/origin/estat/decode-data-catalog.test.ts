/** The data catalogue, as e-Stat recorded it: read from the XML by patterns, compared with what the JSON form decodes to. */
import { describe, expect, it } from 'vitest'
import { readXml } from '../../../infra/scripts/build-sample/read-xml.ts'
import { decodeDataCatalog } from '../../../origin/estat/decode-data-catalog.ts'
import { childNamed, childrenNamed, type Element } from '../../../origin/standin/tree.ts'
import { readRecording, recordingsPresent } from '../../recordings.ts'
import { asking } from '../standin/ask.ts'

describe.runIf(recordingsPresent)('datacatalog.xml', () => {
  it('is one data set with one file, of 42,198', async () => {
    const recorded = readRecording('datacatalog.xml')
    const list = childNamed(readXml(recorded), 'DATA_CATALOG_LIST_INF') as Element
    const files = Array.from({ length: 42_198 }, () => childrenNamed(list, 'DATA_CATALOG_INF')[0] as Element)
    const { body } = await asking([], { files })('getDataCatalog', { dataType: 'XLS', limit: '1' })
    const said = (pattern: RegExp): string => (pattern.exec(recorded)?.[1] ?? 'not recorded').replaceAll('&amp;', '&')
    const dates = { releaseDate: '2016-11-01', lastModified: '2016-11-01' }
    expect(recorded.match(/2016-11-01/g)).toHaveLength(4)
    expect(decodeDataCatalog(body)).toEqual({
      total: 42_198,
      nextKey: 2,
      datasets: [
        {
          id: said(/DATA_CATALOG_INF id="(\d+)"/),
          title: said(/<TITLE>\s*<NAME>([^<]+_2009年度)</),
          statName: { code: '00000002', name: said(/<STAT_NAME [^>]*>([^<]+)/) },
          organisation: { code: '00000', name: '内閣官房' },
          surveyDate: '200904-201003',
          landingPage: said(/<LANDING_PAGE>([^<]+)/),
          ...dates,
          files: [
            {
              id: said(/RESOURCE id="(\d+)"/),
              title: said(/<NAME>(5_[^<]+)/),
              tableName: said(/<TABLE_NAME>([^<]+)/),
              format: 'XLS',
              url: said(/<URL>([^<]+)/),
              ...dates,
            },
          ],
        },
      ],
    })
  })
})

const withFile = (resource: object): unknown => ({
  DATA_CATALOG_LIST_INF: {
    NUMBER: 1,
    RESULT_INF: { FROM_NUMBER: 1, TO_NUMBER: 1 },
    DATA_CATALOG_INF: { '@id': '1', DATASET: { TITLE: { NAME: 2015 } }, RESOURCES: { RESOURCE: resource } },
  },
})
const fileIn = (resource: object) => decodeDataCatalog(withFile(resource)).datasets[0]?.files[0]

describe('what e-Stat may send', () => {
  it('nothing found is an empty page', () => {
    expect(decodeDataCatalog({ DATA_CATALOG_LIST_INF: { NUMBER: 0, RESULT_INF: '' } })).toEqual({
      total: 0,
      nextKey: null,
      datasets: [],
    })
  })

  it('one file bare, several as a list; empty elements are null; a title of digits is text', () => {
    const bare = decodeDataCatalog(withFile({ '@id': '9', TITLE: { NAME: '', TABLE_NAME: '' }, URL: '' })).datasets[0]
    expect(bare).toMatchObject({ title: '2015', surveyDate: null, landingPage: null, releaseDate: null })
    expect(bare?.files).toMatchObject([{ id: '9', tableName: null, url: null, format: '' }])
    expect(decodeDataCatalog(withFile([{ '@id': '8' }, { '@id': '9' }])).datasets[0]?.files).toHaveLength(2)
  })

  it.each([
    ['https://www.e-stat.go.jp/stat-search/file-download?&statInfId=1&fileKind=0', true],
    ['http://www.e-stat.go.jp/SG1/estat/Xlsdl.do?sinfid=1', true],
    ['https://www.e-stat.go.jp.example.org/a', false],
    ['https://example-e-stat.go.jp/a', false],
    ['https://user:secret@www.e-stat.go.jp/a', false],
    ['javascript:alert(1)', false],
    ['no link', false],
  ])('a link is kept where it stays within e-Stat: %s', (url, kept) => {
    expect(fileIn({ URL: url })?.url).toBe(kept ? url : null)
  })

  it('takes bidirectional and control characters out', () => {
    expect(fileIn({ TITLE: { TABLE_NAME: '人\u202e口\u0007' } })?.tableName).toBe('人口')
  })
})
