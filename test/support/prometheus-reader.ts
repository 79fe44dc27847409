/**
 * A strict reader of the text exposition format 0.0.4, written from its specification ("Exposition formats",
 * "Text format details"), so that no code of the writer judges the writer. Throws where a scraper might.
 */
export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

export interface ReadFamily {
  readonly name: string
  readonly type: string
  readonly help: string
  readonly samples: readonly Sample[]
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*/
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"/
const TYPES = ['counter', 'gauge', 'histogram', 'summary', 'untyped']

export function readPrometheus(text: string): Map<string, ReadFamily> {
  // "The last line must end with a line feed character."
  if (text !== '' && !text.endsWith('\n')) throw new Error('the last line has no end')
  const families = new Map<string, { name: string; type: string; help: string; samples: Sample[] }>()
  let current: { name: string; type: string; help: string; samples: Sample[] } | null = null
  const seen = new Set<string>()
  for (const line of text.split('\n').slice(0, -1)) {
    const [, kind, name, rest] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? []
    if (kind === 'HELP') {
      // "All lines for a given metric must be provided as one single group."
      if (families.has(name ?? '')) throw new Error(`a second HELP or a torn group: ${line}`)
      current = { name: name ?? '', type: '', help: rest ?? '', samples: [] }
      families.set(current.name, current)
    } else if (kind === 'TYPE') {
      if (current?.name !== name || current?.type !== '' || !TYPES.includes(rest ?? ''))
        throw new Error(`a TYPE in the wrong place or of no kind: ${line}`)
      current.type = rest ?? ''
    } else {
      const sample = readSample(line)
      const key = JSON.stringify([sample.name, Object.entries(sample.labels).toSorted(([a], [b]) => (a < b ? -1 : 1))])
      if (seen.has(key)) throw new Error(`the same series twice: ${line}`)
      seen.add(key)
      if (current === null || !belongs(sample.name, current)) throw new Error(`outside of its group: ${line}`)
      current.samples.push(sample)
    }
  }
  for (const family of families.values()) if (family.type === 'histogram') checkHistogram(family)
  return families
}

const belongs = (name: string, { name: family, type }: Pick<ReadFamily, 'name' | 'type'>): boolean =>
  type === 'histogram'
    ? [`${family}_bucket`, `${family}_sum`, `${family}_count`].includes(name)
    : name === family && type !== ''

function readSample(line: string): Sample {
  const name = NAME.exec(line)?.[0]
  if (name === undefined) throw new Error(`no metric name: ${line}`)
  let rest = line.slice(name.length)
  const labels: Record<string, string> = {}
  if (rest.startsWith('{')) {
    rest = rest.slice(1)
    while (!rest.startsWith('}')) {
      const [all, label, value] = LABEL.exec(rest) ?? []
      if (all === undefined || label === undefined || value === undefined || label in labels)
        throw new Error(`a label that cannot be read: ${line}`)
      labels[label] = value.replaceAll(/\\(.)/g, (_, mark: string) => (mark === 'n' ? '\n' : mark))
      rest = rest.slice(all.length)
      if (rest.startsWith(',')) rest = rest.slice(1)
      else if (!rest.startsWith('}')) throw new Error(`labels that do not end: ${line}`)
    }
    rest = rest.slice(1)
  }
  // "value is a float represented as required by Go's ParseFloat()"; no timestamp of ours.
  const number = /^ (-?\d+(?:\.\d+)?(?:e[+-]?\d+)?|[+-]Inf|NaN)$/.exec(rest)?.[1]
  if (number === undefined) throw new Error(`no value: ${line}`)
  return { name, labels, value: Number(number.replace('Inf', 'Infinity')) }
}

/** "Each bucket count is cumulative; the bucket with label {le="+Inf"} must exist and equal x_count." */
function checkHistogram({ name, samples }: ReadFamily): void {
  const groups = Map.groupBy(samples, ({ labels }) => JSON.stringify({ ...labels, le: null }))
  for (const group of groups.values()) {
    const buckets = group.filter((sample) => sample.name === `${name}_bucket`)
    const bounds = buckets.map(({ labels }) => Number(labels['le']?.replace('+Inf', 'Infinity')))
    const counts = buckets.map(({ value }) => value)
    const rises = (list: readonly number[]): boolean =>
      list.every((value, at) => at === 0 || value >= (list[at - 1] ?? 0))
    const total = group.find((sample) => sample.name === `${name}_count`)?.value
    if (bounds.at(-1) !== Infinity || !rises(bounds) || !rises(counts) || counts.at(-1) !== total)
      throw new Error(`buckets of ${name} that do not add up`)
    if (!group.some((sample) => sample.name === `${name}_sum`)) throw new Error(`${name} has no sum`)
  }
}
