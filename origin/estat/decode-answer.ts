/** Whole answers: RESULT, METADATA_INF, STATISTICAL_DATA (reference/estat-api.md, 3.2, 3.4, 3.5). */
import { decodeClasses } from './decode-classes.ts'
import { decodeTableInfo } from './decode-table-info.ts'
import type { Axis, SymbolNote, TableInfo, WireValue } from './model.ts'
import { cleanText } from './text.ts'
import { attribute, child, elements, entriesOf, textOf, wholeOf } from './wire.ts'

/** RESULT and the rest of an answer under its one root (`GET_STATS_DATA`, ...). */
export interface Answer {
  /** 0 to 2: normal end, 1 with no data; 100 and up: an error (manual, section 4). */
  readonly status: number
  /** What stands beside RESULT. */
  readonly root: unknown
}

/** Reads the envelope; null where the body is not an answer of e-Stat (HTML, another service, cut short). */
export function decodeEnvelope(body: unknown): Answer | null {
  const entries = entriesOf(body)
  const root = entries.length === 1 ? entries[0]?.[1] : undefined
  const status = wholeOf(child(root, 'RESULT', 'STATUS'))
  return status === null ? null : { status, root }
}

/** getMetaInfo: the table and its complete class lists; null where the answer holds no METADATA_INF. */
export function decodeMetadata(root: unknown): { readonly info: TableInfo; readonly axes: readonly Axis[] } | null {
  const metadata = child(root, 'METADATA_INF')
  const table = elements(child(metadata, 'TABLE_INF'))[0]
  if (table === undefined) return null
  return { info: decodeTableInfo(table), axes: decodeClasses(child(metadata, 'CLASS_INF')) }
}

/** RESULT_INF.TOTAL_NUMBER of getStatsData, after narrowing; null where it is absent. */
export const decodeTotal = (root: unknown): number | null =>
  wholeOf(child(root, 'STATISTICAL_DATA', 'RESULT_INF', 'TOTAL_NUMBER'))

/** What getStatsData says about its rows, and the rows as sent. */
export interface DataAnswer {
  readonly total: number
  readonly from: number
  readonly to: number
  readonly nextKey: number | null
  readonly info: TableInfo
  /** Narrowed to the selected codes; empty with metaGetFlg=N. */
  readonly axes: readonly Axis[]
  readonly notes: readonly SymbolNote[]
  readonly annotations: Readonly<Record<string, string>>
  readonly values: readonly WireValue[]
}

/** getStatsData; null where a part that every page has is absent. */
export function decodeData(root: unknown): DataAnswer | null {
  const data = child(root, 'STATISTICAL_DATA')
  const range = child(data, 'RESULT_INF')
  const table = elements(child(data, 'TABLE_INF'))[0]
  const total = wholeOf(child(range, 'TOTAL_NUMBER'))
  const from = wholeOf(child(range, 'FROM_NUMBER'))
  const to = wholeOf(child(range, 'TO_NUMBER'))
  if (table === undefined || total === null || from === null || to === null) return null
  const dataInf = child(data, 'DATA_INF')
  return {
    total,
    from,
    to,
    nextKey: wholeOf(child(range, 'NEXT_KEY')),
    info: decodeTableInfo(table),
    axes: decodeClasses(child(data, 'CLASS_INF')),
    ...decodeDataInf(dataInf),
  }
}

/** DATA_INF alone: notes, annotations and rows. */
export function decodeDataInf(dataInf: unknown): Pick<DataAnswer, 'notes' | 'annotations' | 'values'> {
  return {
    notes: elements(child(dataInf, 'NOTE')).map((note) => ({
      symbol: attribute(note, 'char') ?? '',
      meaning: cleanText(textOf(note) ?? '').trim(),
    })),
    annotations: Object.fromEntries(
      elements(child(dataInf, 'ANNOTATION')).map((note) => [
        attribute(note, 'annotation') ?? '',
        cleanText(textOf(note) ?? '').trim(),
      ]),
    ),
    values: elements(child(dataInf, 'VALUE')).map(wireValue),
  }
}

/** An empty cell has no `$`; one without attributes is a bare scalar. */
function wireValue(value: unknown): WireValue {
  if (typeof value === 'object' && value !== null && typeof (value as { $?: unknown }).$ === 'string')
    return value as WireValue
  const attributes = entriesOf(value).filter(([key]) => key.startsWith('@'))
  return { ...Object.fromEntries(attributes.map(([key, code]) => [key, textOf(code) ?? ''])), $: textOf(value) ?? '' }
}
