/** Files of the data catalogue as `search_files` shows them, and where they are found without it. */
import * as z from 'zod'
import { fold } from '../../shared/cacheable/fold.ts'
import { FILE_FORMATS, fileKinds } from '../../shared/cacheable/search-files.ts'
import { type Fault, fault } from '../../shared/fault.ts'
import type { CatalogueDataset, CatalogueFile } from '../estat/decode-data-catalog.ts'
import { findSurveys } from '../estat/search/survey-search.ts'
import { SURVEYS } from '../estat/search/surveys.ts'

export const fileRow = z.object({
  resource_id: z.string().describe('The file.'),
  dataset_id: z.string().describe('The data set of the catalogue that it belongs to: no table id of the database.'),
  title: z.string().describe('Of the data set.'),
  table_name: z.string().nullable().describe('Of the file.'),
  stats_code: z.string().nullable(),
  survey: z.string(),
  organisation: z.string(),
  survey_date: z.string().nullable().describe('yyyymm or yyyymm-yyyymm.'),
  format: z.string().describe('XLS, CSV, PDF, XML, XLS_REP, DB.'),
  url: z.string().nullable().describe("e-Stat's own download link."),
  landing_page: z.string().nullable().describe('The page of e-Stat that lists the data set.'),
  release_date: z.string().nullable(),
  last_modified: z.string().nullable(),
})
export type FileRow = z.infer<typeof fileRow>

export const surveyPage = z.object({
  code: z.string(),
  name: z.string(),
  files_page: z.string().describe('Lists the files of the survey, for a person to open.'),
})
export type SurveyPage = z.infer<typeof surveyPage>

export const toFileRow = (dataset: CatalogueDataset, file: CatalogueFile): FileRow => ({
  resource_id: file.id,
  dataset_id: dataset.id,
  title: dataset.title,
  table_name: file.tableName ?? (file.title || null),
  stats_code: dataset.statName.code || null,
  survey: dataset.statName.name,
  organisation: dataset.organisation.name,
  survey_date: dataset.surveyDate,
  format: file.format,
  url: file.url,
  landing_page: dataset.landingPage,
  release_date: file.releaseDate ?? dataset.releaseDate,
  last_modified: file.lastModified ?? dataset.lastModified,
})

/** Named beside an answer, at the most. */
const SURVEYS_SHOWN = 3
/** A survey that meets less of the question is no answer. */
const ENOUGH = 0.5

/** The survey that was named by its code, or else those that the words are about; none is an answer. */
export function surveyPages(query: string, statsCode: string | null): readonly SurveyPage[] {
  const named = SURVEYS.filter(({ code }) => code === statsCode)
  const meant = findSurveys(fold(query), SURVEYS_SHOWN).filter(({ met }) => met >= ENOUGH)
  return (named.length > 0 ? named : meant.map(({ survey }) => survey)).map(({ code, name }) => ({
    code,
    name,
    files_page: `https://www.e-stat.go.jp/stat-search/files?toukei=${code}`,
  }))
}

/** @throws Fault INVALID_PARAMETER for a kind that e-Stat does not have. */
export function formatsOf(sent: string | readonly string[] | undefined): readonly string[] {
  const kinds = fileKinds(sent)
  const unknown = kinds.filter((kind) => !FILE_FORMATS.includes(kind))
  if (unknown.length > 0)
    throw fault('INVALID_PARAMETER', `data_type: "${unknown[0]?.slice(0, 30) ?? ''}" is no kind of file at e-Stat.`, {
      hint: `The kinds are ${FILE_FORMATS.join(', ')}; XLS stands for every Excel file. Leave data_type out for all.`,
    })
  return FILE_FORMATS.filter((kind) => kinds.includes(kind))
}

/** @throws Fault INVALID_PARAMETER for operators: e-Stat reads them, and mixes none. */
export function wordsOf(query: string): readonly string[] {
  const words = query.split(/\s+/u).filter((word) => word !== '' && word !== 'AND')
  if (words.some((word) => /^(OR|NOT)$/.test(word)))
    throw fault('INVALID_PARAMETER', 'query: plain words are searched for, all of which must be there.', {
      hint: 'Leave OR and NOT out; ask once for each alternative.',
    })
  return words
}

/** What the sample says: it is honest about having none, and names where a person finds them. */
export function noFiles(pages: readonly SurveyPage[]): Fault {
  const open = pages.map(({ name, files_page }) => `${name} ${files_page}`).join(' ; ')
  return fault('NO_DATA', 'No files of the data catalogue are bundled: only e-Stat itself can list them.', {
    hint: `Set ESTAT_APP_ID, or send your own ID as X-Estat-App-Id (free of charge: https://www.e-stat.go.jp/api/). ${
      pages.length > 0
        ? `Until then a person finds the files here: ${open}`
        : 'Until then find the survey with lookup (kind "survey"); its files are at https://www.e-stat.go.jp/stat-search/files?toukei=<code>.'
    }`,
    candidates: pages.map(({ code, name }) => ({ code, name })),
  })
}
