/**
 * 統計データ一括取得: cells of several tables in one answer. No answer of it is on record; the form is that which public
 * clients read: lists of TABLE_INF, CLASS_INF and DATA_INF with `requestNo`, and no DATA_INF for what finds nothing.
 */
import { narrowingElement } from '../conditions.ts'
import { badParameter, found, nothingFound, type Outcome } from '../outcome.ts'
import { ECHO_FORMAT, echoes, parameterElement, type Parameters } from '../parameters.ts'
import { branch, childNamed, childrenNamed, childrenOf, type Element, leaf, textOf } from '../tree.ts'
import { dataOf } from './get-stats-data.ts'
import type { Operation, World } from './operation.ts'

/** What holds for all tables; the rest is each one's own. */
const SHARED = [
  'lang',
  'appId',
  'metaGetFlg',
  'explanationGetFlg',
  'annotationGetFlg',
  'replaceSpChar',
  'replaceSpChars',
]

const SHARED_ECHO = [
  echoes('LANG', 'lang', 'J'),
  ECHO_FORMAT,
  echoes('METAGET_FLG', 'metaGetFlg', 'Y'),
  echoes('EXPLANATION_GET_FLG', 'explanationGetFlg'),
  echoes('ANNOTATION_GET_FLG', 'annotationGetFlg'),
  echoes('REPLACE_SP_CHARS', ['replaceSpChars', 'replaceSpChar']),
]
const OWN_ECHO = [
  echoes('DATASET_ID', 'dataSetId'),
  echoes('STATS_DATA_ID', 'statsDataId'),
  { build: narrowingElement },
  echoes('START_POSITION', 'startPosition', '1'),
  echoes('LIMIT', 'limit'),
]

export const getStatsDatas: Operation = {
  path: 'getStatsDatas',
  method: 'POST',
  formats: ['json', 'xml'],
  root: 'GET_STATS_DATAS',
  schema: 'GetStatsDatas',
  echo: SHARED_ECHO,
  parameters(sent, format) {
    const own = (spec: Parameters, at: number): Element =>
      numbered(branch('PARAMETER', childrenOf(parameterElement(spec, OWN_ECHO, format))), at)
    return branch('PARAMETER_LIST', [
      ...childrenOf(parameterElement(sent, SHARED_ECHO, format)),
      ...(readSpecs(sent) ?? []).map(own),
    ])
  },
  answer(sent, world) {
    const specs = readSpecs(sent)
    return specs === null ? badParameter('statsDatasSpecの指定が正しくありません。') : allOf(specs, sent, world)
  },
}

/** An error of one table is that of the whole answer: which one e-Stat would send is not on record. */
function allOf(specs: readonly Parameters[], sent: Parameters, world: World): Outcome {
  const shared = [...sent].filter(([name]) => SHARED.includes(name))
  const outcomes = specs.map((spec) => dataOf(new Map([...spec, ...shared]), world))
  const failed = outcomes.find(({ status }) => status >= 100)
  if (failed !== undefined) return failed
  const parts = outcomes.flatMap(({ body }) => body)
  const total = parts.reduce((sum, part) => sum + numberIn(part, 'TOTAL_NUMBER'), 0)
  const rows = parts.reduce((sum, part) => sum + rowsIn(part), 0)
  const list = branch('STATISTICAL_DATA_LIST', [
    branch('RESULT_INF', [
      leaf('TOTAL_NUMBER', total),
      ...(rows === 0 ? [] : [leaf('FROM_NUMBER', 1), leaf('TO_NUMBER', rows)]),
    ]),
    ...['TABLE_INF', 'CLASS_INF', 'DATA_INF'].flatMap((name) => listOf(name, parts)),
  ])
  return rows === 0 ? nothingFound([list]) : found([list])
}

/** `<name>_LIST` of what the tables have under that name; absent where none has. */
function listOf(name: string, parts: readonly Element[]): readonly Element[] {
  const elements = parts.flatMap((part, at) => childrenNamed(part, name).map((element) => numbered(element, at)))
  return elements.length === 0 ? [] : [branch(`${name}_LIST`, elements)]
}

const numbered = (element: Element, at: number): Element => ({
  ...element,
  attributes: { requestNo: String(at + 1), ...element.attributes },
})

const numberIn = (part: Element, name: string): number => {
  const range = childNamed(part, 'RESULT_INF')
  return range === null ? 0 : Number(textOf(childNamed(range, name)))
}

const rowsIn = (part: Element): number => {
  const data = childNamed(part, 'DATA_INF')
  return data === null ? 0 : childrenNamed(data, 'VALUE').length
}

/** `[{"statsDataId": "...", "cdCat01": "01"}, ...]`, values as texts or numbers; null where it is none. */
function readSpecs(sent: Parameters): readonly Parameters[] | null {
  const parsed = parsedJson(sent.get('statsDatasSpec') ?? '')
  if (!Array.isArray(parsed) || parsed.length === 0) return null
  const specs = parsed.map(specOf)
  return specs.every((spec) => spec !== null) ? specs : null
}

function specOf(entry: unknown): Parameters | null {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return null
  const spec = new Map<string, string>()
  for (const [name, value] of Object.entries(entry as Record<string, unknown>)) {
    if (typeof value !== 'string' && typeof value !== 'number') return null
    if (value !== '') spec.set(name, String(value))
  }
  return spec
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
