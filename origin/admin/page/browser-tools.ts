/**
 * The page's own tools, as they run in the browser: `script.ts` takes the text of each function. So none uses anything
 * but the others, `LABELS` and `state`; and none puts data anywhere but into text.
 */
import type { Label } from './labels.ts'

declare const LABELS: Record<'ja' | 'en', Record<Label, string>>
declare const state: PageState
declare const start: () => void

/** What the page remembers; the key in `sessionStorage` as well. */
export interface PageState {
  key: string
  lang: 'ja' | 'en'
}

export type Child = Node | string
/** A cell, and whether it is a figure. */
export type Cell = Child | { readonly figure: string }

export function say(label: string): string {
  return (LABELS[state.lang] as Record<string, string>)[label] ?? label
}

/** An element with attributes and children; text stays text. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name)
  for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value)
  element.append(...children)
  return element
}

export function button(label: string, kind: string, press: () => unknown): HTMLButtonElement {
  const element = make('button', { type: 'button', class: kind }, say(label))
  element.addEventListener('click', () => void press())
  return element
}

/** Asks the origin with the key. A refused key is forgotten, and the page asks for another. */
export async function ask(path: string, body?: unknown): Promise<Response> {
  const response = await fetch(path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'x-api-key': state.key, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    cache: 'no-store',
  })
  if (response.status !== 401) return response
  state.key = ''
  sessionStorage.removeItem('key')
  start()
  throw new Error(say('refused'))
}

/** The answer's members. @throws Error with the words of a refusal. */
export async function askJson<Answer>(path: string, body?: unknown): Promise<Answer> {
  const response = await ask(path, body)
  const answer = (await response.json()) as { error?: { message: string; hint: string } }
  if (answer.error) throw new Error(`${answer.error.message} ${answer.error.hint}`)
  return answer as Answer
}

export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = Math.min(Math.floor(Math.log10(Math.max(count, 1)) / 3), units.length - 1)
  return `${(count / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power] ?? ''}`
}

export function figure(count: number): { readonly figure: string } {
  return { figure: count.toLocaleString(state.lang) }
}

export function moment(iso: string | null): HTMLElement {
  if (iso === null) return make('span', {}, '–')
  const words = new Date(iso).toLocaleString(state.lang, { dateStyle: 'medium', timeStyle: 'short' })
  return make('time', { datetime: iso, title: iso }, words)
}

/** A mark and a word: never colour alone. */
export function badge(status: string, label = status): HTMLElement {
  return make('span', { class: `badge ${status}` }, say(label))
}

export function isFigure(cell: Cell | undefined): cell is { readonly figure: string } {
  return typeof cell === 'object' && 'figure' in cell
}

/** A table with headings; each cell carries its heading, for narrow screens. */
export function grid(headings: readonly string[], rows: readonly (readonly Cell[])[], caption: string): HTMLElement {
  if (rows.length === 0) return make('p', { class: 'empty' }, say('none'))
  const words = headings.map((heading) => (heading === '' ? '' : say(heading)))
  const head = words.map((word, at) =>
    make('th', { scope: 'col', ...(isFigure(rows[0]?.[at]) && { class: 'figure' }) }, word),
  )
  const cell = (one: Cell, at: number): HTMLElement =>
    isFigure(one)
      ? make('td', { class: 'figure', 'data-heading': words[at] ?? '' }, make('span', {}, one.figure))
      : make('td', { 'data-heading': words[at] ?? '' }, typeof one === 'string' ? make('span', {}, one) : one)
  const table = make(
    'table',
    {},
    make('thead', {}, make('tr', {}, ...head)),
    make('tbody', {}, ...rows.map((row) => make('tr', {}, ...row.map(cell)))),
  )
  return make('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': say(caption) }, table)
}

/** Asks before something is done, then says how it went. Focus stays in the dialog until it closes. */
export function confirmed(question: string, what: string, act: () => Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const outcome = make('p', { class: 'outcome', role: 'status' })
    const go = button('confirm', 'danger', async () => {
      go.disabled = true
      outcome.textContent = say('loading')
      try {
        await act()
        dialog.close()
      } catch (error) {
        outcome.textContent = error instanceof Error ? error.message : String(error)
        go.disabled = false
      }
    })
    const leave = button('cancel', 'plain', () => dialog.close())
    const dialog: HTMLDialogElement = make(
      'dialog',
      { 'aria-labelledby': 'question' },
      make('h3', { id: 'question' }, say(question)),
      make('p', { class: 'what' }, what),
      outcome,
      make('div', { class: 'actions' }, leave, go),
    )
    dialog.addEventListener('close', () => {
      dialog.remove()
      resolve()
    })
    document.body.append(dialog)
    dialog.showModal()
    leave.focus()
  })
}

/** Shows a new key, the only time that it can be seen. */
export function showOnce(text: string): void {
  const copied = make('span', { role: 'status', class: 'muted' })
  const dialog: HTMLDialogElement = make(
    'dialog',
    { 'aria-labelledby': 'once' },
    make('h3', { id: 'once' }, say('new_key')),
    make('code', { class: 'secret' }, text),
    make(
      'div',
      { class: 'actions' },
      copied,
      button('copy', 'plain', async () => {
        await navigator.clipboard.writeText(text)
        copied.textContent = say('copied')
      }),
      button('close', 'main', () => dialog.close()),
    ),
  )
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
}
