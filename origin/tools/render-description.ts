/** The text twin of a description. */
import { figure, type Lang, plural } from '../estat/words.ts'
import type { DescribeOutput } from './describe-dataset.ts'

/** The words around what the table says. */
const WORDS = {
  J: {
    head: (rows: number, updated: string | null, span: string | null) =>
      `${figure(rows)}行、更新日 ${updated ?? '不明'}、${span ?? '時間軸なし'}`,
    span: (first: string, last: string) => (first === last ? first : `${first}～${last}`),
    excerpt: '抜粋：',
    axis: (codes: number, shown: number) =>
      codes > shown ? `${figure(codes)}コード、うち${figure(shown)}件を表示` : `${figure(codes)}コード`,
    list: (axis: string) =>
      `表示していないコードは、axis "${axis}" などを指定して一覧できます（find や level で絞れます）。`,
    unknown: (codes: number) => `  うち${figure(codes)}件は内訳かどうか不明です。足し合わせないでください。`,
    role: { total: '計', part: '内訳', of_which: '再掲', unknown: '' },
    kind: { count: '件数', quantity: '数量', money: '金額', rate: '比率', index: '指数', unknown: '種類は不明' },
    measure: (name: string, unit: string | null, kind: string, summable: boolean) =>
      `表章項目：${name}（${unit === null ? '単位なし' : `単位 ${unit}`}、${kind}${summable ? '' : '、合算不可'}）`,
    more: (left: number) => `表章項目はほかに${figure(left)}件あります。axis を指定すると一覧できます。`,
    symbol: (symbol: string, meaning: string) => `記号 ${symbol}：${meaning}`,
    next: (cursor: string) => `続きは cursor "${cursor}" で取得できます。`,
  },
  E: {
    head: (rows: number, updated: string | null, span: string | null) =>
      `${plural(rows, 'row')}; updated ${updated ?? 'on a date not known'}; ${span ?? 'no time axis'}`,
    span: (first: string, last: string) => (first === last ? first : `${first} to ${last}`),
    excerpt: 'Excerpt: ',
    axis: (codes: number, shown: number) =>
      codes > shown ? `${plural(codes, 'code')}, ${figure(shown)} shown` : plural(codes, 'code'),
    list: (axis: string) => `For codes not shown call again with axis "${axis}" or another, and find or level.`,
    unknown: (codes: number) => `  roles unknown for ${figure(codes)} of them: do not add those up`,
    role: { total: 'total', part: 'part', of_which: 'of which', unknown: '' },
    kind: {
      count: 'count',
      quantity: 'quantity',
      money: 'money',
      rate: 'rate',
      index: 'index',
      unknown: 'kind unknown',
    },
    measure: (name: string, unit: string | null, kind: string, summable: boolean) =>
      `Measure: ${name} (${unit ?? 'no unit'}, ${kind}${summable ? '' : ', never summed'})`,
    more: (left: number) => `${plural(left, 'more measure')}: ask for their axis to list them.`,
    symbol: (symbol: string, meaning: string) => `Symbol ${symbol}: ${meaning}`,
    next: (cursor: string) => `More codes: call again with cursor "${cursor}".`,
  },
} as const

export function renderDescription(result: DescribeOutput, lang: Lang): string {
  const { axes, measures, measures_in_all: all, symbols, time } = result
  const words = WORDS[lang]
  const overview = axes.length > 1
  const cut = axes.find(({ codes, shown }) => codes > shown.length)
  return [
    `${result.dataset_id} ${result.survey}「${result.title}」(${result.organisation})`,
    words.head(result.rows, result.updated_date, time && words.span(time.first, time.last)),
    ...(result.extent === null ? [] : [`${words.excerpt}${result.extent}`]),
    '',
    ...axes.flatMap((axis) => renderAxis(axis, lang)),
    ...(overview && cut !== undefined ? [words.list(cut.id)] : []),
    '',
    ...(overview
      ? measures.map(({ name, unit, kind, summable }) => words.measure(name, unit, words.kind[kind], summable))
      : []),
    ...(overview && all > measures.length ? [words.more(all - measures.length)] : []),
    ...Object.entries(symbols).map(([symbol, meaning]) => words.symbol(symbol, meaning)),
    ...(result.next_cursor === null ? [] : [words.next(result.next_cursor)]),
    ...(result.source.note === null ? [] : [result.source.note]),
    result.source.citation,
  ].join('\n')
}

function renderAxis({ id, name, codes, shown, unknown_roles }: DescribeOutput['axes'][number], lang: Lang): string[] {
  const words = WORDS[lang]
  return [
    `${id} ${name} (${words.axis(codes, shown.length)})`,
    ...(unknown_roles ? [words.unknown(unknown_roles)] : []),
    ...shown.map((item) => `  ${[item.code, item.name, item.unit, words.role[item.role]].filter(Boolean).join('\t')}`),
  ]
}
