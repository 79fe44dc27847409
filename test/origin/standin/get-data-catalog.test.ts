/** getDataCatalog, against what e-Stat sent and on generated files. */
import { describe, expect, it } from 'vitest'
import { readXml } from '../../../infra/scripts/build-sample/read-xml.ts'
import { generatedFiles } from '../../../origin/standin/generate/files.ts'
import { childNamed, childrenNamed, type Element, leaf } from '../../../origin/standin/tree.ts'
import { readRecording, recordingsPresent } from '../../recordings.ts'
import { asking, askingText, at, type Heard, many } from './ask.ts'

describe.runIf(recordingsPresent)('datacatalog.xml', () => {
  it('is answered as recorded: the first of 42,198', async () => {
    const recorded = readRecording('datacatalog.xml')
    const list = childNamed(readXml(recorded), 'DATA_CATALOG_LIST_INF') as Element
    const [entry] = childrenNamed(list, 'DATA_CATALOG_INF').map(withEmptyTexts)
    const files = Array.from({ length: 42_198 }, () => entry as Element)
    const ask = askingText([], { files, now: () => Date.parse(/<DATE>([^<]+)/.exec(recorded)?.[1] ?? '') })
    const { text } = await ask('getDataCatalog', { dataType: 'XLS', limit: '1' })
    expect(text).toBe(recorded.trim().replaceAll(/>\s+</g, '><'))
  })
})

/** The reader drops the difference of `<X></X>` and `<X/>`: here all are the first but the description of the set. */
const withEmptyTexts = (element: Element): Element => {
  if (element.content === null) return leaf(element.name, '')
  if (typeof element.content === 'string') return element
  const children = element.content.map(withEmptyTexts)
  return {
    ...element,
    content: children.map((child) =>
      element.name === 'DATASET' && child.name === 'DESCRIPTION' ? leaf('DESCRIPTION', null) : child,
    ),
  }
}

const ask = asking([], { files: generatedFiles({ seed: 3, tables: 400 }) })
const list = (asked: Record<string, string> = {}): Promise<Heard> => ask('getDataCatalog', asked)
const entries = ({ body }: Heard): readonly unknown[] => many(at(body, 'DATA_CATALOG_LIST_INF', 'DATA_CATALOG_INF'))
const resources = (heard: Heard): readonly Readonly<Record<string, string>>[] =>
  entries(heard).flatMap((entry) => many(at(entry, 'RESOURCES', 'RESOURCE')))
const number = ({ body }: Heard): unknown => at(body, 'DATA_CATALOG_LIST_INF', 'NUMBER')

describe('getDataCatalog', () => {
  it('gives a hundred data sets where no limit is sent, whatever their resources', async () => {
    const heard = await list()
    expect([entries(heard).length, number(heard)]).toEqual([100, 400])
    expect(at(heard.body, 'DATA_CATALOG_LIST_INF', 'RESULT_INF')).toEqual({
      FROM_NUMBER: 1,
      TO_NUMBER: 100,
      NEXT_KEY: 101,
    })
    expect(resources(heard).length).toBeGreaterThan(150)
  })

  it('pages are the whole', async () => {
    const whole = entries(await list({ limit: '400' }))
    const paged = [
      ...entries(await list({ limit: '150' })),
      ...entries(await list({ startPosition: '151', limit: '300' })),
    ]
    expect(paged).toEqual(whole)
  })

  it('narrows by kind of file: data sets that have it, and of them those files alone', async () => {
    const heard = await list({ dataType: 'CSV,PDF', limit: '400' })
    const formats = new Set(resources(heard).map((resource) => resource['FORMAT'] ?? ''))
    expect([...formats].toSorted()).toEqual(['CSV', 'PDF'])
    expect(number(heard)).toBeLessThan(400)
    expect(number(await list({ dataType: 'DB' }))).toBe(0)
  })

  it('finds one by its id, and by that of a file', async () => {
    const [third] = entries(await list({ startPosition: '3', limit: '1' }))
    expect(entries(await list({ catalogId: String(at(third, '@id')) }))).toEqual([third])
    const [file] = many(at(third, 'RESOURCES', 'RESOURCE'))
    expect(resources(await list({ resourceId: file?.['@id'] ?? '' }))).toEqual([file])
  })

  it.each([
    [{ statsCode: '00200521' }, ['DATASET', 'STAT_NAME', '@code'], /^00200521$/],
    [{ statsCode: '00200' }, ['DATASET', 'ORGANIZATION', '@code'], /^00200$/],
    [{ surveyYears: '2015' }, ['DATASET', 'TITLE', 'SURVEY_DATE'], /2015/],
    [{ openYears: '2019-2020' }, ['DATASET', 'RELEASE_DATE'], /^(?:2019|2020)-/],
    [{ updatedDate: '2021' }, ['DATASET', 'LAST_MODIFIED_DATE'], /^2021-/],
    [{ collectArea: '3' }, ['DATASET', 'TITLE', 'COLLECT_AREA'], /^市区町村$/],
    [{ searchWord: '人口 AND 世帯' }, ['DATASET', 'TITLE', 'NAME'], /人口[^]*世帯|世帯[^]*人口/],
  ])('%j', async (asked, path, expected) => {
    const found = entries(await list({ ...asked, limit: '400' }))
    expect(found.length).toBeGreaterThan(0)
    expect(found.length).toBeLessThan(400)
    for (const entry of found) expect(String(at(entry, ...path))).toMatch(expected)
  })

  it('nothing found is STATUS 1; a wrong page is an error', async () => {
    const none = await list({ searchWord: 'どこにもない' })
    expect([at(none.body, 'RESULT', 'STATUS'), none.body['DATA_CATALOG_LIST_INF']]).toEqual([
      1,
      { NUMBER: 0, RESULT_INF: '' },
    ])
    expect((await list({ limit: '0' })).http).toBe(400)
  })
})
