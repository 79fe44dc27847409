/**
 * An agent by rote: it searches, describes and fetches, and uses nothing but what the answers say. Ids come from the
 * search, names from the description; a word that the description does not list as it stands is sent as it was said.
 */
import type { Question } from './thirty-questions-asked.ts'

export interface Reply {
  readonly isError: boolean
  readonly result: Record<string, unknown>
  readonly text: string
}
export type Call = (tool: string, args: Record<string, unknown>) => Promise<Reply>

interface Found {
  readonly dataset_id: string
  readonly title: string
  readonly bundled: boolean
}
interface Axis {
  readonly id: string
  readonly name: string
  readonly codes: number
  readonly shown: readonly { readonly code: string; readonly name: string }[]
}

/** The last answer: what the person gets. @throws Error that says where the agent got stuck. */
export async function pursue(question: Question, call: Call): Promise<Reply & { readonly id: string }> {
  const id = await findTable(question, call)
  const described = await asked(call, 'describe_dataset', { dataset_id: id })
  const axes = described.result['axes'] as readonly Axis[]
  const filters: Record<string, string> = {}
  for (const word of question.words) {
    const [axis, name] = await placeOf(word, id, axes, call)
    filters[axis] = name
  }
  const reply = await asked(call, 'fetch_dataset_filtered', { dataset_id: id, filters, save_to_s3: false })
  return { ...reply, id }
}

async function asked(call: Call, tool: string, args: Record<string, unknown>): Promise<Reply> {
  const reply = await call(tool, args)
  if (reply.isError) throw new Error(`${tool} ${JSON.stringify(args)}: ${reply.text}`)
  return reply
}

async function findTable({ ask, thenSearch = [], table }: Question, call: Call): Promise<string> {
  for (const query of [ask, ...thenSearch]) {
    const { result } = await asked(call, 'search_estat_data', { query })
    const results = result['results'] as readonly Found[]
    const fits = results.find(({ title, bundled }) => bundled && table.test(title))
    if (fits !== undefined) return fits.dataset_id
  }
  throw new Error(`no table found for ${ask}`)
}

/** Names carry codes and groups in front (`0001 総合`, `A1101_総人口`, `沖縄県 与那国町`): the whole name first, then its end. */
function match(axis: Axis, word: string): string | null {
  const plain = (name: string): string => name.normalize('NFKC').replaceAll('〜', '~')
  const wanted = plain(word)
  const names = axis.shown.map(({ name }) => name)
  const whole = names.find((name) => plain(name) === wanted)
  const ends = names.filter((name) => [' ', '_'].some((sign) => plain(name).endsWith(`${sign}${wanted}`)))
  return whole ?? (ends.length === 1 ? (ends[0] ?? null) : null)
}

/** Axis and name of a word: from the overview, then from a look at each axis that it does not show in full. */
async function placeOf(
  said: string,
  id: string,
  axes: readonly Axis[],
  call: Call,
): Promise<readonly [string, string]> {
  const [word = '', axisName = ''] = said.split('=').toReversed()
  const may = axes.filter(({ name }) => name.includes(axisName))
  for (const axis of may) {
    const name = match(axis, word)
    if (name !== null) return [axis.id, name]
  }
  const isTime = /\d+(年|月)/.test(word)
  const rest = may.filter(({ id: axis, codes, shown }) => codes > shown.length && (axis === 'time') === isTime)
  for (const axis of rest) {
    const { result } = await asked(call, 'describe_dataset', { dataset_id: id, axis: axis.id, find: word })
    const name = (result['axes'] as readonly Axis[]).map((one) => match(one, word)).find((one) => one !== null)
    if (name !== undefined && name !== null) return [axis.id, name]
  }
  const [only] = rest
  if (only !== undefined) return [only.id, word]
  throw new Error(`"${word}" is on no axis of ${id}`)
}
