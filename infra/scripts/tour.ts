/**
 * `npm run tour -- [--url URL] [--key KEY] [--sdk 1|2]`: the main job against any deployment, with a real MCP client.
 * Without --url it asks the server that `npm start` started in this clone, with the key stored for it. Exits 1 if any step falls short.
 */
import { parseArgs } from 'node:util'
import { projectRoot, readLocalState } from './local-state.ts'
import { trustLocalCertificate } from './start/trust.ts'
import { openSession, type Session, type SessionOptions } from './tour/session.ts'
import { STEPS, type TourState } from './tour/steps.ts'

interface Settings extends SessionOptions {}

function readSettings(): Settings {
  const { values } = parseArgs({
    options: { url: { type: 'string' }, key: { type: 'string' }, sdk: { type: 'string', default: '2' } },
  })
  const local = readLocalState()
  const url = values.url ?? local?.url
  if (url === undefined) throw new Error('Which server? Run `npm start` first, or pass --url URL (and --key KEY).')
  if (!URL.canParse(url)) throw new Error(`--url must be a URL such as https://estat.example.jp, not "${url}".`)
  if (values.sdk !== '1' && values.sdk !== '2') throw new Error('--sdk is 1 (older revisions) or 2.')
  // The key of this clone goes to the server of this clone, and to no other.
  const own = local !== null && sameServer(url, local.url) ? local.key : null
  return { url, key: values.key ?? own, sdk: values.sdk }
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

/** The same address, or the same port of this machine under another of its names. */
function sameServer(one: string, other: string): boolean {
  const [a, b] = [new URL(one), new URL(other)]
  return a.origin === b.origin || (a.port === b.port && LOOPBACK.has(a.hostname) && LOOPBACK.has(b.hostname))
}

/** The line `... still working` each second, so that nothing longer than a second is silent. */
function ticker(say: (line: string) => void): () => void {
  const started = Date.now()
  const timer = setInterval(() => say(`  ... ${Math.round((Date.now() - started) / 1000)} s`), 1000)
  return () => clearInterval(timer)
}

async function walk(session: Session): Promise<void> {
  const say = (line: string): void => console.log(line)
  const state: TourState = { session, say, origin: '', raw: '', parquet: '', rows: 0, firstSearch: null }
  for (const [at, step] of STEPS.entries()) {
    const started = performance.now()
    say(`${at + 1}/${STEPS.length} ${step.title}`)
    const stop = ticker(say)
    await step.run(state).finally(stop)
    say(`  done in ${Math.round(performance.now() - started)} ms`)
  }
}

async function main(): Promise<void> {
  const settings = readSettings()
  if (LOOPBACK.has(new URL(settings.url).hostname)) trustLocalCertificate(projectRoot)
  const started = performance.now()
  const session = await openSession(settings)
  console.log(`Tour of ${settings.url} with ${session.about}`)
  try {
    await walk(session)
  } finally {
    await session.close().catch(() => {})
  }
  console.log(`The tour holds: ${STEPS.length} steps in ${((performance.now() - started) / 1000).toFixed(1)} s.`)
}

try {
  await main()
} catch (error) {
  console.error(`The tour fell short: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
}
