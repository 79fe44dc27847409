/** The tools of this server, in the order a client lists them. Adding a tool is one file and one line here. */
import { analyzeWithAthena } from './analyze-with-athena.ts'
import { applyKeywordSuggestions } from './apply-keyword-suggestions.ts'
import { cancelJob } from './cancel-job.ts'
import { compareRevisions } from './compare-revisions.ts'
import type { AnyTool } from './define-tool.ts'
import { describeDataset } from './describe-dataset.ts'
import { downloadCsvFromS3 } from './download-csv-from-s3.ts'
import { fetchDatasetAuto } from './fetch-dataset-auto.ts'
import { fetchDatasetFiltered } from './fetch-dataset-filtered.ts'
import { fetchLargeDatasetComplete } from './fetch-large-dataset-complete.ts'
import { getCsvDownloadUrl } from './get-csv-download-url.ts'
import { getEstatTableUrl } from './get-estat-table-url.ts'
import { getJob } from './get-job.ts'
import { ingestDataset } from './ingest-dataset.ts'
import { lakeTables } from './lake-tables.ts'
import { loadToIceberg } from './load-to-iceberg.ts'
import { lookup } from './lookup.ts'
import { saveDatasetAsCsv } from './save-dataset-as-csv.ts'
import { saveMetadataAsCsv } from './save-metadata-as-csv.ts'
import { searchEstatDataTool } from './search-estat-data.ts'
import { searchFiles } from './search-files.ts'
import { transformToParquet } from './transform-to-parquet.ts'

export const TOOLS: readonly AnyTool[] = [
  searchEstatDataTool,
  applyKeywordSuggestions,
  lookup,
  searchFiles,
  describeDataset,
  fetchDatasetAuto,
  fetchDatasetFiltered,
  fetchLargeDatasetComplete,
  getJob,
  cancelJob,
  saveDatasetAsCsv,
  saveMetadataAsCsv,
  downloadCsvFromS3,
  getCsvDownloadUrl,
  transformToParquet,
  loadToIceberg,
  ingestDataset,
  analyzeWithAthena,
  lakeTables,
  compareRevisions,
  getEstatTableUrl,
]
