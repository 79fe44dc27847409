/** Raw pages of a generated table, kept as a fetch keeps them: `lake-pages.ts <dataDir> <rows>`. */
import { statsHttp } from '../../origin/adapters/stats-http.ts'
import { embeddedPorts } from '../../origin/embedded.ts'
import { fetchDataset } from '../../origin/jobs/fetch-dataset.ts'
import { generatedTable } from '../../origin/standin/generate/table.ts'
import { createStandin } from '../../origin/standin/standin.ts'

const ID = '0009000001'
const [, , dataDir = '', rows = '0'] = process.argv
const now = (): number => Date.now()
const table = generatedTable({ id: ID, seed: 1, rows: Number(rows) })
const send = createStandin({ tables: [table], accepts: ['bench'], now })
const stats = statsHttp({ send, appId: 'bench', origin: 'live', now })
const { store } = embeddedPorts({ dataDir, bucket: 'estat-lake', appId: null, now })
const ask = { lang: 'J' as const, signal: new AbortController().signal }
const meta = await stats.describe(ID, ask)
const request = { meta, queries: [[]], filters: {}, fetchId: rows, now: now(), maxRows: Number(rows) }
await fetchDataset({ stats, store }, { ...request, progress: () => {} }, ask)
