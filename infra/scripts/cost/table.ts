/** The cost table of infra/cloudformation/README.md. Pure. */
import { billed, type Line, type Parameters, type Templates, totalUsd } from './count.ts'
import { PRICES, PRICES_OF, REPLACED_USD } from './prices.ts'

/** Ways to run, from the cheapest. */
export const HOMES: Readonly<Record<string, Parameters>> = {
  'Worker in front, one small task': {
    Front: 'tunnel',
    TaskSize: 'small',
    Tasks: '1',
    CloudflaredImage: 'cloudflared:1',
  },
  'Worker in front, one small task, Spot': {
    Front: 'tunnel',
    TaskSize: 'small',
    Tasks: '1',
    Spot: 'yes',
    CloudflaredImage: 'cloudflared:1',
  },
  'CloudFront, one task, Spot': { Tasks: '1', Spot: 'yes' },
  'CloudFront, one task, ARM': { Tasks: '1', Architecture: 'ARM64' },
  'CloudFront, one task': { Tasks: '1' },
  'CloudFront, two tasks (default)': {},
  'CloudFront, two tasks, private': { Network: 'private', EstatBaseUrl: 'https://proxy.example.jp' },
}

const dollars = (usd: number): string => usd.toFixed(2)
const amount = (count: number): string => String(Math.round(count * 100) / 100)
const what = ({ item, count, usd }: Line): string => `${amount(count)} ${item} ${dollars(usd)}`

export function costTable(templates: Templates): string {
  const rows = Object.entries(HOMES).map(([name, parameters]) => {
    const lines = billed(templates, parameters)
    const total = totalUsd(lines)
    const beside = total - REPLACED_USD
    return {
      total,
      row: `| ${name} | ${dollars(total)} | ${beside < 0 ? '−' : '+'}${dollars(Math.abs(beside))} | ${lines.map(what).join(' · ')} |`,
    }
  })
  return [
    `| home | US dollars a month | beside the ${REPLACED_USD} of the replaced system | of which |`,
    '| --- | --- | --- | --- |',
    ...rows.toSorted((one, other) => one.total - other.total).map(({ row }) => row),
  ].join('\n')
}

export function priceTable(): string {
  const rows = Object.entries(PRICES).map(
    ([item, { usd, per, source }]) => `| ${item} | ${usd} a${per === 'hour' ? 'n hour' : ' month'} | ${source} |`,
  )
  return [`| ${PRICES_OF} | US dollars | read at |`, '| --- | --- | --- |', ...rows].join('\n')
}
