/** Every survey of the official list of statistics codes (政府統計コード一覧), with or without tables in the database. */
import file from './data/surveys.json' with { type: 'json' }

export interface Survey {
  /** Eight digits; the first five are the organisation's (manual 3.0, statsCode). */
  readonly code: string
  readonly name: string
  readonly organisation: string
  /** False: its results are files alone (Excel, CSV, PDF), which no table id reaches. */
  readonly hasTables: boolean
}

type Row = readonly [code: string, name: string, organisation: number, tables: number]

/** In order of code. */
export const SURVEYS: readonly Survey[] = (file.surveys as unknown as readonly Row[]).map(
  ([code, name, organisation, tables]) => ({
    code,
    name,
    organisation: file.organisations[organisation] ?? '',
    hasTables: tables === 1,
  }),
)
