/**
 * `npm start`: origin and edge on this machine, the tour, and what to paste into a client; serves until Ctrl-C.
 * `--no-tour` leaves the tour out. `--https` serves TLS with a certificate of this clone, or with `--cert` and `--key`
 * (or TLS_CERT_FILE and TLS_KEY_FILE) of your own.
 */
import { parseArgs } from 'node:util'
import { projectRoot } from './local-state.ts'
import { serve } from './start/serve.ts'
import { StartError } from './start/start-error.ts'

const USAGE =
  'npm start [-- --no-tour] [--https [--cert FILE --key FILE]]   settings by environment variables: see README.md'

async function main(): Promise<number> {
  const {
    'no-tour': withoutTour,
    https,
    cert = process.env['TLS_CERT_FILE'],
    key = process.env['TLS_KEY_FILE'],
  } = options()
  if (process.platform === 'win32') throw new StartError('On Windows, run this inside WSL: it needs process groups.')
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort())
  // The bootstrap was killed: nobody is left to pass a signal on.
  process.on('disconnect', () => stop.abort())
  // A closed terminal must not end us before the children have ended.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  await serve({
    root: projectRoot.replace(/\/$/, ''),
    env: process.env,
    node: process.execPath,
    tour: !withoutTour,
    https: https ? { cert: cert || undefined, key: key || undefined } : undefined,
    say: (text) => console.log(text),
    stop: stop.signal,
  })
  return 0
}

function options(): { 'no-tour'?: boolean; https?: boolean; cert?: string; key?: string } {
  const file = { type: 'string' } as const
  try {
    const { values } = parseArgs({
      options: { 'no-tour': { type: 'boolean' }, https: { type: 'boolean' }, cert: file, key: file },
    })
    // Who names a certificate means it to be used.
    return values.cert === undefined && values.key === undefined ? values : { ...values, https: true }
  } catch {
    throw new StartError(`Unknown option. ${USAGE}`)
  }
}

try {
  process.exitCode = await main()
} catch (error) {
  if (!(error instanceof StartError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
// Nothing is left to wait for; the channel to the bootstrap alone would keep us.
process.exit()
