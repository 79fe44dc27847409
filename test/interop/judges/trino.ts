/** Trino with one catalogue, `lake`: Iceberg tables in Glue and S3, which is what Athena is. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Judges } from './install.ts'
import { CREDENTIALS, REGION } from './moto.ts'
import { freePort } from '../../support/free-port.ts'
import { type ServerProcess, startServer } from './server-process.ts'

const properties = (entries: Readonly<Record<string, string | number | boolean>>): string =>
  Object.entries(entries)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('')

const JVM = [
  '-server',
  '-Xmx1200m',
  '-XX:+UseSerialGC',
  '-XX:ReservedCodeCacheSize=256M',
  '-Djdk.attach.allowAttachSelf=true',
  '-Dfile.encoding=UTF-8',
  '--enable-native-access=ALL-UNNAMED',
  '--sun-misc-unsafe-memory-access=allow',
]

/** @param aws Where S3 and Glue answer. */
export async function startTrino({ home, java }: NonNullable<Judges['trino']>, aws: string): Promise<ServerProcess> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const folder = await mkdtemp(join(tmpdir(), 'judge-trino-'))
  const etc = join(folder, 'etc')
  await mkdir(join(etc, 'catalog'), { recursive: true })
  await writeFile(join(etc, 'jvm.config'), `${JVM.join('\n')}\n`)
  await writeFile(join(etc, 'node.properties'), properties({ 'node.environment': 'judge', 'node.data-dir': folder }))
  await writeFile(
    join(etc, 'config.properties'),
    properties({
      coordinator: true,
      'node-scheduler.include-coordinator': true,
      'http-server.http.port': port,
      'discovery.uri': url,
      'query.max-memory': '600MB',
      'query.max-memory-per-node': '400MB',
    }),
  )
  await writeFile(join(etc, 'catalog/lake.properties'), properties(lakeCatalog(aws)))
  const command = [join(home, 'bin/launcher'), `--etc-dir=${etc}`, 'run'] as const
  const env = { JAVA_HOME: java, PATH: `${java}/bin:${process.env['PATH'] ?? ''}` }
  const server = await startServer(command, { url, env, millis: 120_000 }, async () => {
    const info = (await (await fetch(`${url}/v1/info`)).json()) as { starting: boolean }
    return !info.starting && (await trino(url).query('SELECT 1')).rows.length === 1
  })
  return { url, stop: () => server.stop().then(() => rm(folder, { recursive: true, force: true })) }
}

const lakeCatalog = (aws: string): Readonly<Record<string, string | boolean>> => ({
  'connector.name': 'iceberg',
  'iceberg.catalog.type': 'glue',
  'iceberg.register-table-procedure.enabled': true,
  'hive.metastore.glue.region': REGION,
  'hive.metastore.glue.endpoint-url': aws,
  'hive.metastore.glue.aws-access-key': CREDENTIALS.accessKeyId,
  'hive.metastore.glue.aws-secret-key': CREDENTIALS.secretAccessKey,
  'fs.native-s3.enabled': true,
  's3.endpoint': aws,
  's3.path-style-access': true,
  's3.region': REGION,
  's3.aws-access-key': CREDENTIALS.accessKeyId,
  's3.aws-secret-key': CREDENTIALS.secretAccessKey,
})

export interface TrinoAnswer {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: readonly (readonly unknown[])[]
  /** Bytes that came from storage, and splits that were made of the files that pruning left. */
  readonly bytesRead: number
  readonly splits: number
}

interface Page {
  readonly columns?: TrinoAnswer['columns']
  readonly data?: TrinoAnswer['rows']
  readonly nextUri?: string
  readonly error?: { readonly message: string; readonly errorName: string }
  readonly stats: { readonly physicalInputBytes: number; readonly totalSplits: number }
}

export interface Trino {
  /**
   * @param signal Cancels the query on Trino too.
   * @throws Error with Trino's error name and message.
   */
  query(sql: string, signal?: AbortSignal): Promise<TrinoAnswer>
}

/** @param schema Of unqualified names: the tenant's database. */
export function trino(url: string, schema = 'estat'): Trino {
  const headers = { 'X-Trino-User': 'judge', 'X-Trino-Catalog': 'lake', 'X-Trino-Schema': schema }
  return {
    async query(sql, signal) {
      let page = (await (await fetch(`${url}/v1/statement`, { method: 'POST', body: sql, headers })).json()) as Page
      const rows: (readonly unknown[])[] = []
      let columns: TrinoAnswer['columns'] = []
      for (;;) {
        if (page.error) throw new Error(`${page.error.errorName}: ${page.error.message}`)
        columns = page.columns ?? columns
        rows.push(...(page.data ?? []))
        if (page.nextUri === undefined) break
        if (signal?.aborted === true) {
          await fetch(page.nextUri, { method: 'DELETE' })
          throw new Error('USER_CANCELED: Query was canceled')
        }
        page = (await (await fetch(page.nextUri)).json()) as Page
      }
      return { columns, rows, bytesRead: page.stats.physicalInputBytes, splits: page.stats.totalSplits }
    },
  }
}
