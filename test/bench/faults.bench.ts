/**
 * The fault matrix as a table: `node test/bench/faults.bench.ts [rows]`. Each fault against each operation, at each
 * timing; then a fetch of several pages (rows, 250,000 where absent) whose table is updated after any request. A cell
 * is what was judged: right (whole and equal to the truth), refused (in our words, nothing left behind) or WRONG. Exits
 * 1 where one is.
 */
import { generatedTable } from '../../origin/standin/generate/table.ts'
import {
  changeAfter,
  FAULTS,
  judge,
  openBench,
  OPERATIONS,
  type Outcome,
  TIMINGS,
  underFault,
  UPDATES,
  type Verdict,
  withoutFault,
} from '../standin/fault-matrix.ts'

const verdicts: Verdict[] = []
const counted = (verdict: Verdict): Verdict => {
  verdicts.push(verdict)
  return verdict
}
const row = (name: string, cells: readonly string[]): void =>
  console.log(`| ${name.padEnd(26)} | ${cells.map((cell) => cell.padEnd(17)).join(' | ')} |`)

const bench = await openBench()
const SHAPE = { id: '0009000001', seed: 11, rows: 500, axes: ['tab', 'area'] }
const small = generatedTable(SHAPE)
for (const operation of OPERATIONS) {
  const right = await withoutFault(bench, operation, small)
  console.log(`\n${operation.name}`)
  row(
    '',
    TIMINGS.map(({ name }) => name),
  )
  for (const { name, fault } of FAULTS) {
    const cells: string[] = []
    for (const timing of TIMINGS)
      cells.push(counted(judge(await underFault(bench, operation, small, timing, fault), [right])))
    row(name, cells)
  }
}

const REQUESTS = 8
const rows = Number(process.argv[2] ?? 250_000)
const large = generatedTable({ ...SHAPE, rows, axes: ['tab', 'cat01', 'area', 'time'] })
const updatedDate = '2026-11-20'
const updated: readonly (readonly [name: string, table: typeof large])[] = UPDATES.map(({ name, change }) => {
  const grown = change.rows === undefined ? rows : Math.round((rows * change.rows) / SHAPE.rows)
  const axes = ['tab', 'cat01', 'area', 'time']
  return [name, generatedTable({ ...SHAPE, ...change, rows: grown, axes, updatedDate })]
})
for (const operation of OPERATIONS.filter(({ name }) => name === 'whole fetch')) {
  console.log(`\n${operation.name} of ${rows.toLocaleString('en')} rows; the table`)
  row(
    '',
    Array.from({ length: REQUESTS }, (_, at) => `after request ${at + 1}`),
  )
  const before: Outcome = await withoutFault(bench, operation, large)
  for (const [name, table] of updated) {
    const either = [before, await withoutFault(bench, operation, table)]
    const cells: string[] = []
    for (let requests = 1; requests <= REQUESTS; requests++)
      cells.push(counted(judge(await changeAfter(bench, operation, large, table, requests), either)))
    row(name, cells)
  }
}
await bench.origin.close()

const wrong = verdicts.filter((verdict) => verdict.startsWith('WRONG'))
console.log(`\n${verdicts.length} cells, ${wrong.length} wrong.`)
process.exitCode = wrong.length === 0 ? 0 : 1
