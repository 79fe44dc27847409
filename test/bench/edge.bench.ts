/**
 * `npm run bench:edge [-- --rounds 3 --seconds 8 --keys 1000 --chain no]`: what the edge costs, each figure as a ratio within this
 * run. On `workerd serve` (not through miniflare) with real keys and the real limiter; then on Node as AWS runs it.
 *
 * 1. A cached search, every middleware on, against a bare Hono JSON route on the same workerd; each middleware's cost.
 * 2. Forwarding: an uncached call through the edge against the same call asked of the origin directly.
 * 3. The first byte of an event stream through the edge against the origin's.
 * 4. The Worker's bundle, gzipped, and its start-up.
 *
 * The Durable Objects' files lie in memory where the system has such a folder: each lease is written down before it is
 * used, and on a disk of this machine the bench would measure fsync.
 */
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { measureBundle } from './edge-bundle.ts'
import { measureForwarding } from './edge-forwarding.ts'
import { measureNode, measureWorkerd } from './edge-throughput.ts'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    // Long enough that a round is mostly what comes after the first grants of a thousand leases.
    seconds: { type: 'string', default: '8' },
    keys: { type: 'string', default: '1000' },
    chain: { type: 'string', default: 'yes' },
    only: { type: 'string', default: 'workerd,node,forwarding,bundle' },
  },
})
const plan = {
  rounds: Number(values.rounds),
  seconds: Number(values.seconds),
  keys: Number(values.keys),
  chain: values.chain === 'yes',
}
const parts = values.only.split(',')

if (existsSync('/dev/shm')) process.env['TMPDIR'] = '/dev/shm'
if (parts.includes('bundle')) measureBundle()
if (parts.includes('workerd')) await measureWorkerd(plan)
if (parts.includes('node')) await measureNode(plan)
if (parts.includes('forwarding')) await measureForwarding()
