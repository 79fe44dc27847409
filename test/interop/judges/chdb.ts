/** ClickHouse in a process of its own for each question: it keeps metadata of tables in memory otherwise. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Judges } from './install.ts'

const run = promisify(execFile)

const SCRIPT = `
const { query } = require('chdb')
process.stdout.write(query(process.env.JUDGE_SQL, 'JSONCompact'))
`

export interface ClickHouseAnswer {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: readonly (readonly unknown[])[]
}

export interface ClickHouse {
  query(sql: string): Promise<ClickHouseAnswer>
}

export const clickHouse = ({ folder }: NonNullable<Judges['chdb']>): ClickHouse => ({
  async query(sql) {
    const { stdout } = await run(process.execPath, ['-e', SCRIPT], {
      cwd: folder,
      env: { ...process.env, JUDGE_SQL: `${sql} SETTINGS output_format_json_quote_64bit_integers = 0` },
      maxBuffer: 512 * 1024 * 1024,
    })
    const { meta, data } = JSON.parse(stdout) as { meta: ClickHouseAnswer['columns']; data: ClickHouseAnswer['rows'] }
    return { columns: meta, rows: data }
  },
})
