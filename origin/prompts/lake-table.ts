import * as z from 'zod'
import { completeDatasets } from '../completion/datasets.ts'
import { parseTableId } from '../estat/table-url.ts'
import { tableName } from '../tools/params.ts'
import { CITATION_RULE, completeLang, definePrompt, lang, words } from './define-prompt.ts'

export const lakeTable = definePrompt({
  name: 'lake_table',
  title: 'レイクに登録して調べる · A lake table built and asked',
  description: 'A dataset loaded into your lake and asked with SQL. 統計表をレイクに登録し、SQLで調べます。',
  input: z.object({
    dataset_id: words(300).describe('Ten digits, e.g. 0003410379.'),
    question: words(500).optional().describe('What the table shall answer.'),
    table_name: tableName.optional().describe('a-z, 0-9, _; d_<dataset_id> if absent.'),
    lang,
  }),
  scope: 'lake',
  complete: {
    dataset_id: (typed, { ports }) => completeDatasets(typed, ports.catalogue.index()),
    table_name: async (typed, { ports, caller }) =>
      (await ports.tables.list(caller.tenant)).filter((name) => name.startsWith(typed)).toSorted(),
    lang: completeLang,
  },
  message({ dataset_id, question, table_name, lang: spoken }, { caller }) {
    const id = parseTableId(dataset_id)
    const table = table_name ?? `d_${id}`
    return MESSAGE[spoken]({ id, table, from: `${caller.tenant}.${table}`, question: question ?? null })
  },
})

interface Wish {
  readonly id: string
  readonly table: string
  readonly from: string
  readonly question: string | null
}

const MESSAGE = {
  J: ({ id, table, from, question }: Wish) => `統計表 ${id} をレイクのテーブル ${table} に登録し、SQLで調べてください。

1. describe_dataset（dataset_id "${id}"）で行数、軸、単位、総数と内訳を確かめる。
2. ingest_dataset（dataset_id "${id}"、table_name "${table}"）。job_id が返れば、get_job（wait_seconds 20）を state が done になるまで繰り返す。
3. lake_tables（table_name "${table}"）で列の名前と型、軸のコードを読む。
4. analyze_with_athena（table_name "${table}"）で概要を見てから、analysis_type "custom"、custom_query に SELECT を一つ書く（FROM ${from}）。value を集計するときは項目、unit を一つに決め、<軸>_role が part の行だけを足す。warnings があれば直す。
5. ${question === null ? '登録した行数、期間、主な項目を示し、この表で答えられる問いを3つ挙げる。' : `次の問いに答える：${question}`} 使ったSQLも示す。

${CITATION_RULE.J}`,
  E: ({ id, table, from, question }: Wish) => `Load dataset ${id} into the lake table ${table} and ask it with SQL.

1. describe_dataset (dataset_id "${id}"): rows, axes, units, totals and parts.
2. ingest_dataset (dataset_id "${id}", table_name "${table}"). With a job_id, repeat get_job (wait_seconds 20) until state is done.
3. lake_tables (table_name "${table}"): names and types of the columns, codes of the axes.
4. analyze_with_athena (table_name "${table}") for an overview; then analysis_type "custom" with one SELECT as custom_query (FROM ${from}). To aggregate value, fix the item and the unit, and add rows whose <axis>_role is part alone. Mend what warnings name.
5. ${question === null ? 'Give rows, span of time and main items, and three questions that this table can answer.' : `Answer this question: ${question}`} Show the SQL you used.

${CITATION_RULE.E}`,
} as const
