/** The sections of the page, as they run in the browser (`browser-tools.ts` says how). Each answers what it shows. */
import type * as tools from './browser-tools.ts'
import type { Cell, Child } from './browser-tools.ts'

declare const make: typeof tools.make
declare const button: typeof tools.button
declare const askJson: typeof tools.askJson
declare const bytes: typeof tools.bytes
declare const figure: typeof tools.figure
declare const moment: typeof tools.moment
declare const badge: typeof tools.badge
declare const grid: typeof tools.grid
declare const confirmed: typeof tools.confirmed
declare const showOnce: typeof tools.showOnce
declare const say: typeof tools.say
declare const show: (name: string) => Promise<void>

interface Amount {
  readonly objects: number
  readonly bytes: number
}

export async function showHealth(): Promise<Child[]> {
  const { dependencies } = await askJson<{
    readonly dependencies: readonly {
      readonly name: string
      readonly status: string
      readonly since: string
      readonly message: string
      readonly hint: string | null
    }[]
  }>('/admin/health')
  const items = dependencies.map(({ name, status, since, message, hint }) =>
    make(
      'li',
      {},
      make('div', { class: 'name' }, badge(status), make('strong', {}, say(`dep_${name}`))),
      // What a dependency has to say is in the words of the log: English.
      make('p', { lang: 'en' }, message),
      ...(hint === null ? [] : [make('p', { class: status === 'off' ? 'muted' : 'hint', lang: 'en' }, hint)]),
      make('p', { class: 'muted' }, ...sinceWords(since)),
    ),
  )
  return [make('ul', { class: 'cards' }, ...items)]
}

export function sinceWords(since: string): readonly Child[] {
  const [before = '', after = ''] = say('since').split('{time}')
  return [before, moment(since), after]
}

interface JobView {
  readonly id: string
  readonly tenant: string
  readonly tool: string
  readonly dataset_id: string
  readonly table_name: string | null
  readonly state: string
  readonly rows_done: number
  readonly rows_total: number | null
  readonly error: { readonly message: string; readonly hint: string } | null
  readonly updated_at: string
}

export async function showJobs(): Promise<Child[]> {
  const states = { '': 'all_states', open: 'open', done: 'finished', failed: 'failed_state', cancelled: 'cancelled' }
  const chosen = new URLSearchParams(location.hash.split('?')[1]).get('state') ?? ''
  const place = make('div')
  const load = async (cursor: string | null): Promise<void> => {
    const query = new URLSearchParams({ ...(chosen && { state: chosen }), ...(cursor && { cursor }), limit: '50' })
    const { jobs, next_cursor } = await askJson<{ jobs: readonly JobView[]; next_cursor: string | null }>(
      `/admin/jobs?${query}`,
    )
    const headings = ['state', 'tool', 'dataset', 'tenant', 'rows', 'updated_at', '']
    place.append(grid(headings, jobs.map(jobCells), 'jobs'))
    if (next_cursor === null) return
    const more = button('more', 'plain', async () => {
      more.remove()
      await load(next_cursor)
    })
    place.append(more)
  }
  await load(null)
  const links = Object.entries(states).map(([state, label]) =>
    make(
      'a',
      { href: state === '' ? '#jobs' : `#jobs?state=${state}`, ...(state === chosen && { 'aria-current': 'true' }) },
      say(label),
    ),
  )
  return [make('nav', { class: 'filter', 'aria-label': say('state') }, ...links), place]
}

export function jobCells(job: JobView): readonly Cell[] {
  const { id, tenant, tool, state, error, rows_done: done, rows_total: total } = job
  const over = ['done', 'failed', 'cancelled'].includes(state)
  const label = state === 'done' ? 'finished' : state === 'failed' ? 'failed_state' : state
  const stop = button('stop', 'danger', () =>
    confirmed('stop_ask', `${tool} ${job.dataset_id} (${tenant}, ${id})`, async () => {
      await askJson(`/admin/jobs/${encodeURIComponent(tenant)}/${encodeURIComponent(id)}/cancel`, {})
      await show('jobs')
    }),
  )
  const why = error === null ? [] : [make('p', { class: 'hint', lang: 'en' }, `${error.message} ${error.hint}`)]
  const table = job.table_name === null ? '' : ` → ${job.table_name}`
  return [
    badge(state, label),
    tool,
    make(
      'div',
      { class: 'wide' },
      `${job.dataset_id}${table}`,
      make('br'),
      make('code', { class: 'muted' }, id),
      ...why,
    ),
    tenant,
    { figure: total === null ? figure(done).figure : `${figure(done).figure} / ${figure(total).figure}` },
    moment(job.updated_at),
    over ? '' : stop,
  ]
}

export async function showLake(): Promise<Child[]> {
  const { tenants, tables } = await askJson<{
    readonly tenants: readonly {
      readonly tenant: string
      readonly tables: Amount
      readonly parquet: Amount
      readonly csv: Amount
    }[]
    readonly tables: readonly {
      readonly tenant: string
      readonly name: string
      readonly rows: number
      readonly bytes: number
      readonly snapshots: number
      readonly updated_at: string | null
      readonly problem: string | null
    }[]
  }>('/admin/lake?limit=100')
  const size = ({ bytes: count }: Amount): Cell => ({ figure: bytes(count) })
  return [
    grid(
      ['tenant', 'tables_size', 'parquet', 'csv'],
      tenants.map((one) => [one.tenant, size(one.tables), size(one.parquet), size(one.csv)]),
      'tenant',
    ),
    grid(
      ['table', 'tenant', 'rows', 'size', 'snapshots', 'updated_at'],
      tables.map((table) => [
        make('div', {}, table.name, ...(table.problem === null ? [] : [make('p', { class: 'hint' }, table.problem)])),
        table.tenant,
        figure(table.rows),
        { figure: bytes(table.bytes) },
        figure(table.snapshots),
        moment(table.updated_at),
      ]),
      'table',
    ),
  ]
}

export async function showCache(): Promise<Child[]> {
  const { raw, copies, edge } = await askJson<{
    readonly raw: Amount & { readonly fetches: number }
    readonly copies: { readonly files: number; readonly bytes: number } | null
    readonly edge: { readonly reach: string }
  }>('/admin/cache')
  const card = (what: string, label: string, text: string, can: boolean): HTMLElement =>
    make(
      'li',
      {},
      make('div', { class: 'name' }, make('strong', {}, say(label))),
      make('p', {}, text),
      ...(can
        ? [
            button('purge', 'danger', () =>
              confirmed(`purge_${what}_ask`, text, async () => {
                await askJson('/admin/cache/purge', { what })
                await show('cache')
              }),
            ),
          ]
        : []),
    )
  const reached = edge.reach !== 'none'
  return [
    make(
      'ul',
      { class: 'cards' },
      card('raw', 'raw', `${say('fetches')} ${figure(raw.fetches).figure} · ${bytes(raw.bytes)}`, raw.objects > 0),
      copies === null
        ? card('copies', 'copies', say('no_copies'), false)
        : card('copies', 'copies', `${say('files')} ${figure(copies.files).figure} · ${bytes(copies.bytes)}`, true),
      card('edge', 'edge_cache', say(reached ? 'edge_known' : 'edge_none'), reached),
    ),
  ]
}

export async function showKeys(): Promise<Child[]> {
  const { reachable, command, keys } = await askJson<{
    readonly reachable: boolean
    readonly command: string | null
    readonly keys: readonly {
      readonly id: string
      readonly state: string
      readonly tenant?: string
      readonly scopes?: readonly string[]
      readonly limit?: number | null
      readonly expires?: string | null
      readonly label?: string
    }[]
  }>('/admin/keys')
  if (!reachable) return [make('p', {}, say('keys_elsewhere')), make('code', { class: 'secret' }, command ?? '')]
  const rows = keys.map((key): readonly Cell[] => [
    badge(key.state),
    key.label ?? '',
    make('code', {}, key.id),
    key.tenant ?? '',
    (key.scopes ?? []).join(', '),
    { figure: key.limit == null ? '–' : String(key.limit) },
    moment(key.expires ?? null),
    key.state === 'revoked'
      ? ''
      : button('revoke', 'danger', () =>
          confirmed('revoke_ask', `${key.label ?? ''} ${key.id}`, async () => {
            await askJson(`/admin/keys/${encodeURIComponent(key.id)}/revoke`, {})
            await show('keys')
          }),
        ),
  ])
  return [newKeyForm(), grid(['state', 'label', 'id', 'tenant', 'scopes', 'limit', 'expires', ''], rows, 'keys')]
}

export function newKeyForm(): HTMLElement {
  const field = (label: string, input: HTMLElement): HTMLElement => make('label', {}, say(label), input)
  const label = make('input', { maxlength: '100', autocomplete: 'off' })
  const tenant = make('input', { value: 'estat', required: '', pattern: '[a-z][a-z0-9_]{0,30}', autocomplete: 'off' })
  const days = make('input', { type: 'number', min: '1', max: '3650' })
  const scopes = make(
    'select',
    {},
    ...['read', 'lake', 'admin'].map((scope) => make('option', { value: scope }, scope)),
  )
  const problem = make('p', { class: 'hint', role: 'status' })
  const form = make(
    'form',
    { class: 'row' },
    field('label', label),
    field('tenant', tenant),
    field('scopes', scopes),
    field('days', days),
    make('button', { class: 'main' }, say('create')),
    problem,
  )
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const grant = {
      label: label.value,
      tenant: tenant.value,
      scopes: [scopes.value],
      days: days.value === '' ? null : Number(days.value),
    }
    askJson<{ readonly key: string }>('/admin/keys', grant).then(
      async ({ key }) => {
        await show('keys')
        showOnce(key)
      },
      (error: unknown) => {
        problem.textContent = error instanceof Error ? error.message : String(error)
      },
    )
  })
  return form
}
