/** Arguments of `fetch_dataset_auto` and their one normal form. */
import * as z from 'zod'
import { keepsRows, saves } from './keeps-rows.ts'
import { present } from './normal.ts'
import { convertToJapanese, cursor, datasetId, lang, maxRows, saveToS3 } from './params.ts'
import { tableId } from './table-id.ts'

const name = 'fetch_dataset_auto'

const input = z.object({
  dataset_id: datasetId,
  save_to_s3: saveToS3,
  convert_to_japanese: convertToJapanese,
  max_rows: maxRows,
  cursor,
  lang,
})
type FetchAutoInput = z.infer<typeof input>

const normalise = (parsed: FetchAutoInput): FetchAutoInput =>
  present<FetchAutoInput>({
    dataset_id: tableId(parsed.dataset_id),
    save_to_s3: saves(parsed),
    convert_to_japanese: parsed.convert_to_japanese,
    max_rows: parsed.max_rows,
    cursor: parsed.cursor,
    lang: parsed.lang,
  })

export const fetchDatasetAuto = { name, input, normalise, keeps: keepsRows }
