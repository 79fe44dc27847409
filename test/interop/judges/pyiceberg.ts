/** PyIceberg, by a process for each question (`pyiceberg_judge.py`). */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import type { Judges } from './install.ts'
import { CREDENTIALS, REGION } from './moto.ts'

const SCRIPT = join(import.meta.dirname, 'pyiceberg_judge.py')

export interface PyQuestion {
  /** `<database>.<table>`. */
  readonly table: string
  readonly snapshot?: string
  /** A row filter in PyIceberg's own language. */
  readonly filter?: string
}

export interface PyFacts {
  readonly schema: readonly (readonly [id: number, name: string, type: string])[]
  readonly partition: readonly (readonly [source: number, transform: string])[]
  readonly snapshots: readonly (readonly [id: string, operation: string, rows: string])[]
  readonly history: readonly string[]
  /** Files that the scan would read. */
  readonly files: readonly string[]
}

export interface PyIceberg {
  rows(
    question: PyQuestion,
  ): Promise<{ readonly columns: readonly string[]; readonly rows: readonly (readonly unknown[])[] }>
  facts(question: PyQuestion): Promise<PyFacts>
  append(question: PyQuestion): Promise<{ readonly snapshot: string }>
}

export function pyIceberg({ bin }: NonNullable<Judges['python']>, url: string): PyIceberg {
  const aws = { url, region: REGION, key: CREDENTIALS.accessKeyId, secret: CREDENTIALS.secretAccessKey }
  const ask = (what: string, question: PyQuestion): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const child = execFile(
        join(bin, 'python'),
        [SCRIPT],
        { maxBuffer: 512 * 1024 * 1024 },
        (error, stdout, stderr) =>
          error === null ? resolve(JSON.parse(stdout)) : reject(new Error(stderr.slice(-2000))),
      )
      child.stdin?.end(JSON.stringify({ ...question, aws, do: what }))
    })
  return {
    rows: (question) => ask('rows', question) as ReturnType<PyIceberg['rows']>,
    facts: (question) => ask('facts', question) as Promise<PyFacts>,
    append: (question) => ask('append', question) as ReturnType<PyIceberg['append']>,
  }
}
