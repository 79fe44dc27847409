/**
 * `npm run test:platforms [-- NAME ...]`: the same black-box suite on every platform, started for real before one origin;
 * then the tour of an origin on Bun and on Deno. Prints a table, exits 1 where anything failed. Names: workerd, node, aws,
 * bun, deno, lambda, origins; all of them where none is given.
 */
import { newSigningKey } from '../workerd.ts'
import { startOrigin } from '../../e2e/origin-process.ts'
import { CHECKS } from './checks/index.ts'
import { tourOrigins } from './origins.ts'
import { type Before, PLATFORMS } from './platforms.ts'
import { type Column, table } from './table.ts'
import { outcomeOf, type Outcome, type Target } from './target.ts'

const PATIENCE_MS = 20_000
const say = (text: string): void => void process.stdout.write(`${text}\n`)

async function columnOf(target: Target): Promise<Column> {
  const outcomes = new Map<string, Outcome>()
  for (const check of CHECKS) outcomes.set(check.name, await outcomeOf(check, target, PATIENCE_MS))
  return { name: target.name, outcomes }
}

async function main(names: readonly string[]): Promise<number> {
  const [signingKey, linkKey] = [await newSigningKey(), await newSigningKey()]
  const publicHalf = ({ d: _secret, ...open }: typeof signingKey) => open
  const origin = await startOrigin({
    edgeKeys: [publicHalf(signingKey)],
    env: { LINK_SIGNING_KEY: JSON.stringify(linkKey) },
  })
  const columns: Column[] = []
  try {
    for (const name of names) {
      const start = (PLATFORMS as Readonly<Record<string, (before: Before) => Promise<Target>>>)[name]
      if (!start) throw new Error(`no platform is called ${name}: ${Object.keys(PLATFORMS).join(', ')}`)
      const target = await start({ originUrl: origin.url, signingKey, linkKeys: [publicHalf(linkKey)] })
      let column: Column
      try {
        column = await columnOf(target)
      } finally {
        await target.close()
      }
      const failed = [...column.outcomes.values()].filter(({ state }) => state === 'fail').length
      say(`${target.name}: ${failed === 0 ? 'holds' : `${failed} checks failed`}`)
      columns.push(column)
    }
  } finally {
    await origin.close()
  }
  say(
    `\n${table(
      CHECKS.map(({ name }) => name),
      columns,
    )}`,
  )
  return columns.some(({ outcomes }) => [...outcomes.values()].some(({ state }) => state === 'fail')) ? 1 : 0
}

const asked = process.argv.slice(2)
const ORIGINS = 'origins'
const edges = asked.length > 0 ? asked.filter((name) => name !== ORIGINS) : Object.keys(PLATFORMS)
process.exitCode = edges.length > 0 ? await main(edges) : 0
if (asked.length === 0 || asked.includes(ORIGINS))
  for (const { holds, line } of await tourOrigins()) {
    say(line)
    if (!holds) process.exitCode = 1
  }
