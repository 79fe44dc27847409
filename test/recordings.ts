/**
 * The recorded answers of e-Stat as judges: a minimal reader, on purpose not the product's own decoders. It reads every
 * recording that holds values into cells with whatever the recording, or the metadata recorded beside it, says of them.
 */
import { existsSync, readFileSync } from 'node:fs'
import {
  cellsByPrefecture,
  cellsBySexAndAge,
  cellsInCsv,
  cellsInFragment,
  cellsInJson,
  cellsInXml,
  type RecordedCell,
} from './recordings/cells.ts'

export type { RecordedCell }

const FOLDER = new URL('../../shared/data/estat/', import.meta.url)

/** Guards what needs them: `describe.runIf(recordingsPresent)(...)`; without them the line below says so. */
export const recordingsPresent: boolean = existsSync(FOLDER)

if (!recordingsPresent)
  process.stderr.write(
    'LEFT OUT: comparisons with the recorded answers of e-Stat; the folder ../shared/data/estat is not here. ' +
      'What can hold without it is checked on the bundled sample.\n',
  )

/** Text of one recording, by its file name. */
export const readRecording = (file: string): string => readFileSync(new URL(file, FOLDER), 'utf8')

export interface Recording {
  readonly file: string
  /** statsDataId. */
  readonly id: string
  readonly cells: readonly RecordedCell[]
}

const READERS: readonly (readonly [file: string, read: (text: string) => readonly RecordedCell[]])[] = [
  ['statsdata_0000020202_limit10.json', cellsInJson],
  ['statsdata_0000020201_A1101_v2.1.json', cellsInJson],
  ['statsdata_0003280145_raw.json', cellsInJson],
  ['statsdata_0003005798.json', cellsInJson],
  ['statsdata_0003005798.csv', cellsInCsv],
  ['statsdata_0003286680_nextkey_excerpt.csv', cellsInCsv],
  [
    'datainf_0004052037_cpi2025_tab1.json',
    (text) => cellsInFragment(text, readRecording('meta_0004052037_cpi2025.json')),
  ],
  ['datainf_0003445078_census2020.json', (text) => cellsInFragment(text, null)],
  ['statsdata_0003109741_gdp.xml', cellsInXml],
  ['labels_0003410379_prefectures.csv', cellsByPrefecture],
  ['labels_0003410379_japan.csv', cellsByPrefecture],
  ['labels_0003410380_pyramid.csv', cellsBySexAndAge],
]

/** How many recordings hold values: asserted wherever a test runs over all of them. */
export const VALUE_RECORDINGS = 12

/** File names of the recordings that hold values. */
export const valueRecordings: readonly string[] = READERS.map(([file]) => file)

/** @throws Error for a file that is not one of `valueRecordings`. */
export function readCells(file: string): Recording {
  const read = READERS.find(([name]) => name === file)?.[1]
  const id = /\d{10}/.exec(file)?.[0]
  if (read === undefined || id === undefined) throw new Error(`No reader for ${file}.`)
  return { file, id, cells: read(readRecording(file)) }
}
