import { readXml } from '../../infra/scripts/build-sample/read-xml.ts'
import { tableFromStatsData, tableFromTree } from '../../origin/standin/parse-table.ts'
import type { StandinTable } from '../../origin/standin/table.ts'
import { readCells, readRecording } from '../recordings.ts'
import { tableFromCells } from './table-from-cells.ts'

/** The table that a recording was made of, for the stand-in to serve. */
export function tableOfRecording(file: string): StandinTable {
  if (file.startsWith('statsdata') && file.endsWith('.json')) return tableFromStatsData(JSON.parse(readRecording(file)))
  return file.endsWith('.xml') ? tableFromTree(readXml(readRecording(file))) : tableFromCells(readCells(file))
}
