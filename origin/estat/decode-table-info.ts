/** TABLE_INF, the block that describes a table in every operation (reference/estat-api.md, 3.3). */
import type { CodeName, TableInfo } from './model.ts'
import { cleanHtml, cleanName } from './text.ts'
import { attribute, child, elements, entriesOf, textOf, wholeOf } from './wire.ts'

const nameOf = (value: unknown): string => cleanName(textOf(value) ?? '')
const codeName = (value: unknown): CodeName => ({ code: attribute(value, 'code') ?? '', name: nameOf(value) })
const codeNameOrNull = (value: unknown): CodeName | null => (value === undefined ? null : codeName(value))

/** CYCLE and the like say `-` for "none". */
const orNull = (text: string): string | null => (text === '' || text === '-' ? null : text)

/** SURVEY_DATE is yyyymm as a number, 0 for unknown, or the text `yyyymm-yyyymm`. */
function surveyDateOf(value: unknown): string | null {
  const text = nameOf(value)
  return /^\d{4,8}(-\d{4,8})?$/.test(text) ? text : null
}

const dateOf = (value: unknown): string | null => {
  const text = nameOf(value)
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : null
}

/** An object of explanations, `""`, or absent with explanationGetFlg=N. */
function descriptionOf(value: unknown): readonly string[] {
  const texts = typeof value === 'string' ? [value] : entriesOf(value).map(([, text]) => textOf(text) ?? '')
  return texts.map(cleanHtml).filter((text) => text !== '')
}

/** Decodes one TABLE_INF. What is absent comes back as null or empty; it never throws. */
export function decodeTableInfo(table: unknown): TableInfo {
  const title = child(table, 'TITLE')
  const total = wholeOf(child(table, 'OVERALL_TOTAL_NUMBER'))
  return {
    id: attribute(table, 'id') ?? '',
    statName: codeName(child(table, 'STAT_NAME')),
    govOrg: codeName(child(table, 'GOV_ORG')),
    statisticsName: nameOf(child(table, 'STATISTICS_NAME')),
    title: nameOf(title) || nameOf(child(table, 'TITLE_SPEC', 'TABLE_NAME')),
    titleNo: orNull(cleanName(attribute(title, 'no') ?? '')),
    cycle: orNull(nameOf(child(table, 'CYCLE'))),
    surveyDate: surveyDateOf(child(table, 'SURVEY_DATE')),
    openDate: dateOf(child(table, 'OPEN_DATE')),
    updatedDate: dateOf(child(table, 'UPDATED_DATE')),
    smallArea: (wholeOf(child(table, 'SMALL_AREA')) ?? 0) > 0,
    collectArea: elements(child(table, 'COLLECT_AREA'))
      .map(nameOf)
      .filter((name) => name !== ''),
    mainCategory: codeNameOrNull(child(table, 'MAIN_CATEGORY')),
    subCategory: codeNameOrNull(child(table, 'SUB_CATEGORY')),
    totalRecords: total === 0 ? null : total,
    description: descriptionOf(child(table, 'DESCRIPTION')),
  }
}
