/** What is verified, in order: our writer and Athena's on one table, each reading what the other wrote. */
import type { Account } from './account.ts'
import { DATASET } from './settings.ts'

export interface VerifyState {
  readonly account: Account
  readonly say: (line: string) => void
  parquet: string
}

export interface VerifyStep {
  readonly title: string
  run(state: VerifyState): Promise<void>
}

const TABLE = 'verify'
/** Of 東京都, in the bundled sample: 21 censuses, the largest of 2020. */
const ROWS = 21
const MOST = 14_047_594

const SUMS = `SELECT count(*) AS n, max(value) AS most, sum(value) AS total FROM ${TABLE}`
/** By default OPTIMIZE leaves fewer than five small files, and a file with one delete file, as they are (Athena User Guide). */
const EAGER = "'optimize_rewrite_data_file_threshold'='1', 'optimize_rewrite_delete_file_threshold'='1'"

const equal = (what: string, found: unknown, expected: unknown): void => {
  if (JSON.stringify(found) !== JSON.stringify(expected))
    throw new Error(`${what}: ${JSON.stringify(expected)} was expected, ${JSON.stringify(found)} came`)
}

/** The same SELECT on both engines, over the table as it is. */
async function asked({ account, say }: VerifyState, rows: number, most: number): Promise<void> {
  const args = { table_name: TABLE, analysis_type: 'custom', custom_query: SUMS }
  const answer = await account.call('analyze_with_athena', args)
  equal('the engine', answer['engine'], 'athena')
  const [row] = answer['rows'] as (readonly unknown[])[]
  equal('rows and largest value', row?.slice(0, 2), [rows, most])
  equal('DuckDB over copies', await account.duckdb(SUMS, TABLE), answer['rows'])
  say(
    `  Athena and DuckDB: ${rows} rows, at most ${most}; ${String(answer['bytes_scanned'])} bytes, ${String(answer['cost_usd'])} US dollars`,
  )
}

export const VERIFY_STEPS: readonly VerifyStep[] = [
  {
    title: 'Our writer makes the table in Glue and S3',
    async run(state) {
      const { account, say } = state
      const kept = await account.call('fetch_dataset_filtered', {
        dataset_id: DATASET,
        filters: { area: '東京都' },
        save_to_s3: true,
      })
      const written = await account.call('transform_to_parquet', { s3_json_path: kept['s3_json_path'] })
      state.parquet = String(written['s3_parquet_path'])
      const loaded = await account.call('load_to_iceberg', { table_name: TABLE, s3_parquet_path: state.parquet })
      equal('rows loaded', [loaded['rows_loaded'], loaded['rows_after']], [ROWS, ROWS])
      say(`  ${ROWS} rows, snapshot ${String(loaded['snapshot_id'])}`)
    },
  },
  { title: 'Athena reads it', run: (state) => asked(state, ROWS, MOST) },
  {
    title: 'Athena knows its snapshots',
    async run({ account, say }) {
      const rows = await account.athena(
        `SELECT CAST(snapshot_id AS varchar) AS snapshot_id, operation FROM "${account.database}"."${TABLE}$snapshots"`,
      )
      const ours = (await account.table(TABLE)).snapshots.map(({ id }) => id)
      equal(
        'the snapshots',
        rows.map(([id]) => String(id)),
        ours,
      )
      say(`  ${ours.length}: ${ours.join(', ')}`)
    },
  },
  {
    title: "Athena's MERGE changes a row",
    async run(state) {
      const target = `"${state.account.database}"."${TABLE}"`
      await state.account.athena(
        `MERGE INTO ${target} AS t USING (SELECT time_code, value FROM ${target} WHERE value = ${MOST}) AS s ON t.time_code = s.time_code WHEN MATCHED THEN UPDATE SET value = s.value + 1`,
      )
      const { rowsDeleted, snapshots } = await state.account.table(TABLE)
      state.say(
        `  ${snapshots.length} snapshots; delete files: ${rowsDeleted === true ? 'yes, so Athena alone may answer' : 'none'}`,
      )
      const rows = await state.account.athena(
        `SELECT CAST(count(*) AS varchar) AS n, CAST(CAST(max(value) AS bigint) AS varchar) AS most FROM ${target}`,
      )
      equal('rows and largest value', rows, [[String(ROWS), String(MOST + 1)]])
    },
  },
  {
    title: "Athena's OPTIMIZE makes data files of it again",
    async run(state) {
      const table = `${state.account.database}.${TABLE}`
      await state.account.athena(`ALTER TABLE ${table} SET TBLPROPERTIES (${EAGER})`)
      await state.account.athena(`OPTIMIZE ${table} REWRITE DATA USING BIN_PACK`)
      equal('delete files', (await state.account.table(TABLE)).rowsDeleted ?? false, false)
      await asked(state, ROWS, MOST + 1)
    },
  },
  {
    title: 'Our writer appends to what Athena left',
    async run(state) {
      const args = { table_name: TABLE, s3_parquet_path: state.parquet, mode: 'append' }
      const loaded = await state.account.call('load_to_iceberg', args)
      equal('rows', [loaded['rows_before'], loaded['rows_after']], [ROWS, 2 * ROWS])
      await asked(state, 2 * ROWS, MOST + 1)
    },
  },
]
