/** The section of metrics, and the page's beginning, as they run in the browser (`browser-tools.ts` says how). */
import type * as sections from './browser-sections.ts'
import type * as tools from './browser-tools.ts'
import type { Child, PageState } from './browser-tools.ts'

declare const make: typeof tools.make
declare const button: typeof tools.button
declare const ask: typeof tools.ask
declare const figure: typeof tools.figure
declare const moment: typeof tools.moment
declare const grid: typeof tools.grid
declare const say: typeof tools.say
declare const showHealth: typeof sections.showHealth
declare const showJobs: typeof sections.showJobs
declare const showLake: typeof sections.showLake
declare const showCache: typeof sections.showCache
declare const showKeys: typeof sections.showKeys
declare const state: PageState

interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** Lines of Prometheus text; our own label values hold no quote. */
export function readSamples(text: string): readonly Sample[] {
  return text.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? []
    if (name === undefined) return []
    const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label = '', held = '']) => [label, held] as const)
    return [{ name, labels: Object.fromEntries(pairs), value: Number(value) }]
  })
}

export async function showMetrics(): Promise<Child[]> {
  const samples = readSamples(await (await ask('/admin/metrics')).text())
  const sum = (name: string, fits: (labels: Readonly<Record<string, string>>) => boolean = () => true): number =>
    samples.filter((one) => one.name === name && fits(one.labels)).reduce((all, { value }) => all + value, 0)
  // Looking at this page is no work of the origin's.
  const ours = ({ route = '' }: Readonly<Record<string, string>>): boolean => !route.startsWith('/admin')
  const tiles: readonly (readonly [string, string])[] = [
    ['requests', figure(sum('estat_requests_total', ours)).figure],
    ['errors', figure(sum('estat_requests_total', (labels) => ours(labels) && labels['status'] === '5xx')).figure],
    ['auth_failures', figure(sum('estat_auth_failures_total')).figure],
    ['estat_requests', figure(sum('estat_upstream_requests_total')).figure],
    ['rows_fetched', figure(sum('estat_rows_fetched_total')).figure],
    ['query_cost', `$${sum('estat_query_dollars_total').toFixed(2)}`],
  ]
  const tools = [
    ...new Set(
      samples.flatMap(({ name, labels }) => (name === 'estat_tool_calls_total' ? [labels['tool'] ?? ''] : [])),
    ),
  ]
  const rows = tools.toSorted().map((tool) => {
    const calls = sum('estat_tool_calls_total', (labels) => labels['tool'] === tool)
    const well = sum('estat_tool_calls_total', (labels) => labels['tool'] === tool && labels['outcome'] === 'ok')
    const seconds = sum('estat_tool_seconds_sum', (labels) => labels['tool'] === tool)
    return [tool, figure(calls), figure(calls - well), { figure: `${Math.round((seconds / calls) * 1000)} ms` }]
  })
  return [
    make(
      'dl',
      { class: 'tiles' },
      ...tiles.map(([label, value]) => make('div', {}, make('dt', {}, say(label)), make('dd', {}, value))),
    ),
    grid(['tool', 'calls', 'failures', 'mean'], rows, 'metrics'),
    make('p', { class: 'muted' }, say('since_start')),
  ]
}

/** Fills one section; what fails there says so there. */
export async function show(name: string): Promise<void> {
  const place = document.querySelector(`#${name} .content`)
  const shows: Record<string, () => Promise<Child[]>> = {
    health: showHealth,
    jobs: showJobs,
    lake: showLake,
    cache: showCache,
    keys: showKeys,
    metrics: showMetrics,
  }
  if (place === null) return
  place.setAttribute('aria-busy', 'true')
  try {
    place.replaceChildren(...((await shows[name]?.()) ?? []))
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    place.replaceChildren(make('p', { class: 'hint', role: 'alert' }, `${say('failed')}: ${words}`))
  }
  place.removeAttribute('aria-busy')
}

export async function showAll(): Promise<void> {
  const names = ['health', 'jobs', 'lake', 'cache', 'keys', 'metrics']
  const when = document.querySelector('#when')
  await Promise.all(names.map((name) => show(name)))
  when?.replaceChildren(`${say('updated')} `, moment(new Date().toISOString()))
}

/** Builds the page anew: the form that asks for a key, or everything. */
export function start(): void {
  document.documentElement.lang = state.lang
  document.title = say('title')
  const other = state.lang === 'ja' ? 'en' : 'ja'
  const language = make(
    'button',
    { type: 'button', class: 'plain', lang: other },
    other === 'en' ? 'English' : '日本語',
  )
  language.addEventListener('click', () => {
    state.lang = other
    localStorage.setItem('lang', other)
    start()
  })
  const opened = state.key !== ''
  const controls = opened
    ? [button('refresh', 'main', showAll), button('leave', 'plain', forget), language]
    : [language]
  const header = make(
    'header',
    {},
    make('h1', {}, say('title')),
    make('span', { id: 'when', class: 'muted', role: 'status' }),
    make('div', { class: 'actions' }, ...controls),
  )
  document.body.replaceChildren(header, ...(opened ? opening() : [keyForm()]))
  if (opened) void showAll()
}

export function forget(): void {
  state.key = ''
  sessionStorage.removeItem('key')
  start()
}

export function keyForm(): HTMLElement {
  const input = make('input', { type: 'password', id: 'key', required: '', autocomplete: 'off', spellcheck: 'false' })
  const problem = make('p', { class: 'hint', role: 'alert' })
  const form = make(
    'form',
    { class: 'door' },
    make('label', { for: 'key' }, say('key')),
    input,
    make('p', { class: 'muted' }, say('key_hint')),
    problem,
    make('button', { class: 'main' }, say('enter')),
  )
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const headers = { 'x-api-key': input.value.trim() }
    fetch('/admin/keys', { headers, cache: 'no-store' }).then(
      ({ ok }) => {
        problem.textContent = ok ? '' : say('refused')
        if (!ok) return
        state.key = input.value.trim()
        sessionStorage.setItem('key', state.key)
        start()
      },
      () => {
        problem.textContent = say('failed')
      },
    )
  })
  return make('main', {}, form)
}

export function opening(): readonly HTMLElement[] {
  const names = ['health', 'jobs', 'lake', 'cache', 'keys', 'metrics']
  return [
    make('nav', { class: 'sections' }, ...names.map((name) => make('a', { href: `#${name}` }, say(name)))),
    make(
      'main',
      {},
      ...names.map((name) =>
        make(
          'section',
          { id: name, 'aria-labelledby': `${name}-title` },
          make('h2', { id: `${name}-title` }, say(name)),
          make('div', { class: 'content', 'aria-live': 'polite' }, make('p', { class: 'muted' }, say('loading'))),
        ),
      ),
    ),
  ]
}

export function main(): void {
  start()
  addEventListener('hashchange', () => {
    if (state.key !== '' && location.hash.startsWith('#jobs')) void show('jobs')
  })
}
