/** getDataCatalog: a page of data sets and the files of each (reference/estat-api.md, 3.8). Empty elements are sent. */
import type { CodeName } from './model.ts'
import { cleanName } from './text.ts'
import { attribute, child, elements, textOf, wholeOf } from './wire.ts'

/** One RESOURCE: a file, or a table of the database (`DB`). */
export interface CatalogueFile {
  /** Twelve digits. */
  readonly id: string
  readonly title: string
  readonly tableName: string | null
  /** As e-Stat names it: XLS, CSV, PDF, XML, XLS_REP, DB. */
  readonly format: string
  /** e-Stat's own link; null where it leads elsewhere or nowhere. */
  readonly url: string | null
  /** `yyyy-mm-dd`. */
  readonly releaseDate: string | null
  readonly lastModified: string | null
}

/** One DATA_CATALOG_INF. */
export interface CatalogueDataset {
  /** Catalogue id, twelve digits: no statsDataId. */
  readonly id: string
  readonly title: string
  readonly statName: CodeName
  readonly organisation: CodeName
  /** As sent: `yyyymm`, `yyyymm-yyyymm`; null where empty or 0. */
  readonly surveyDate: string | null
  /** The page of e-Stat that lists the files; null where it leads elsewhere or nowhere. */
  readonly landingPage: string | null
  readonly releaseDate: string | null
  readonly lastModified: string | null
  readonly files: readonly CatalogueFile[]
}

export interface DataCatalog {
  /** NUMBER: data sets that match in all, not their files. */
  readonly total: number
  /** 1-based, of the data set that follows; null on the last page. */
  readonly nextKey: number | null
  readonly datasets: readonly CatalogueDataset[]
}

/** Decodes GET_DATA_CATALOG; an answer without hits (STATUS 1) is an empty page. It never throws. */
export function decodeDataCatalog(root: unknown): DataCatalog {
  const list = child(root, 'DATA_CATALOG_LIST_INF')
  return {
    total: wholeOf(child(list, 'NUMBER')) ?? 0,
    nextKey: wholeOf(child(list, 'RESULT_INF', 'NEXT_KEY')),
    datasets: elements(child(list, 'DATA_CATALOG_INF')).map(decodeDataset),
  }
}

function decodeDataset(entry: unknown): CatalogueDataset {
  const dataset = child(entry, 'DATASET')
  return {
    id: attribute(entry, 'id') ?? '',
    title: nameOf(child(dataset, 'TITLE', 'NAME')),
    statName: codeName(child(dataset, 'STAT_NAME')),
    organisation: codeName(child(dataset, 'ORGANIZATION')),
    surveyDate: surveyDateOf(child(dataset, 'TITLE', 'SURVEY_DATE')),
    landingPage: estatLink(child(dataset, 'LANDING_PAGE')),
    ...datesOf(dataset),
    files: elements(child(entry, 'RESOURCES', 'RESOURCE')).map(decodeFile),
  }
}

/** TITLE is an object of names here, never with a number beside it. */
function decodeFile(resource: unknown): CatalogueFile {
  const title = child(resource, 'TITLE')
  return {
    id: attribute(resource, 'id') ?? '',
    title: nameOf(child(title, 'NAME')),
    tableName: nameOf(child(title, 'TABLE_NAME')) || null,
    format: nameOf(child(resource, 'FORMAT')),
    url: estatLink(child(resource, 'URL')),
    ...datesOf(resource),
  }
}

const nameOf = (value: unknown): string => cleanName(textOf(value) ?? '')
const codeName = (value: unknown): CodeName => ({ code: attribute(value, 'code') ?? '', name: nameOf(value) })

function surveyDateOf(value: unknown): string | null {
  const text = nameOf(value)
  return /^\d{4,8}(-\d{4,8})?$/.test(text) ? text : null
}

const datesOf = (value: unknown): Pick<CatalogueFile, 'releaseDate' | 'lastModified'> => ({
  releaseDate: dateOf(child(value, 'RELEASE_DATE')),
  lastModified: dateOf(child(value, 'LAST_MODIFIED_DATE')),
})

const dateOf = (value: unknown): string | null => {
  const text = nameOf(value)
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : null
}

/** Text of an answer that a person will follow: as sent, and only where it stays within e-Stat. */
function estatLink(value: unknown): string | null {
  const text = nameOf(value)
  if (!URL.canParse(text)) return null
  const { protocol, hostname, username, password } = new URL(text)
  const within = hostname === 'e-stat.go.jp' || hostname.endsWith('.e-stat.go.jp')
  return within && /^https?:$/.test(protocol) && username === '' && password === '' ? text : null
}
