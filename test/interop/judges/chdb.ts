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
  /** Rows that came from storage, of the files that pruning left. */
  readonly rowsRead: number
}

export interface ClickHouse {
  /** @param settings Such as `iceberg_snapshot_id = 1`. */
  query(sql: string, settings?: string): Promise<ClickHouseAnswer>
}

export const clickHouse = ({ folder }: NonNullable<Judges['chdb']>): ClickHouse => ({
  async query(sql, settings) {
    const { stdout } = await run(process.execPath, ['-e', SCRIPT], {
      cwd: folder,
      env: {
        ...process.env,
        JUDGE_SQL: `${sql} SETTINGS output_format_json_quote_64bit_integers = 0${settings === undefined ? '' : `, ${settings}`}`,
      },
      maxBuffer: 512 * 1024 * 1024,
    })
    const { meta, data, statistics } = JSON.parse(stdout) as {
      meta: ClickHouseAnswer['columns']
      data: ClickHouseAnswer['rows']
      statistics: { rows_read: number }
    }
    return { columns: meta, rows: data, rowsRead: statistics.rows_read }
  },
})
