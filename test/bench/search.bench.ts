/**
 * What search is worth and what it costs: `node test/bench/search.bench.ts [--hidden | --fresh] [--misses] [--tables=230000]`.
 *
 * `--hidden` asks the third of the questions that no ranking was tuned on, instead of the others; `--fresh` those that
 * somebody wrote later who had seen neither ranking nor questions; `--misses` lists what
 * was not among the first five, of the visible questions only. `--tables=0` leaves the measuring of time and memory out.
 */
import { judge } from './search-recall.ts'
import { measure } from './search-speed.ts'

const flags = process.argv.slice(2)
const set = flags.includes('--hidden') ? 'hidden' : flags.includes('--fresh') ? 'fresh' : 'visible'
const tables = Number(flags.find((flag) => flag.startsWith('--tables='))?.slice(9) ?? 230_000)
judge(set, flags.includes('--misses') && set === 'visible')
if (tables > 0) await measure(tables)
