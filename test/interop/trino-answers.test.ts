/** The answers that our engines are held to, asked of Trino itself. */
import { describe, expect, inject, it } from 'vitest'
import { TRINO_ANSWERS } from '../contracts/trino-answers.ts'
import { trino } from './judges/trino.ts'

const url = inject('trinoUrl')
if (url === null) console.warn('Trino cannot be had here: its documented answers are not compared with its real ones.')

describe.runIf(url !== null)('answers taken from the documentation of Trino', () => {
  it.each(TRINO_ANSWERS.map(({ sql, answer }) => ({ sql, answer })))('$sql', async ({ sql, answer }) => {
    const { rows, columns } = await trino(url ?? '').query(`SELECT ${sql}`)
    expect(asTold(rows[0]?.[0], columns[0]?.type ?? '')).toEqual(answer)
  })
})

/** Our cells: a timestamp as ISO 8601 has it, a nested value as JSON, a decimal as a number. */
function asTold(cell: unknown, type: string): unknown {
  if (typeof cell === 'string' && type.startsWith('timestamp')) return cell.replace(' ', 'T')
  if (typeof cell === 'string' && type.startsWith('decimal')) return Number(cell)
  return typeof cell === 'object' && cell !== null ? JSON.stringify(cell) : cell
}
