/**
 * Origin, edge and tour from the first check to the last process: reads, plans, starts, waits, and takes everything
 * down again however it ends.
 */
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { openLocalState, projectRoot, stateFolder, writePrivate } from '../local-state.ts'
import { type Child, endGroups, lastLines, type Spawned, startChild } from './child.ts'
import { openTls, type Tls, type TlsChoice } from './certificate.ts'
import { announcement } from './client-config.ts'
import { requireWritable } from './data-folder.ts'
import { waitHealthy } from './health.ts'
import { planKeyDelivery } from './local-key.ts'
import { type ChildPlan, ordinary, planChildren } from './plan.ts'
import { requireFreePort } from './ports.ts'
import { RUN_VARIABLE, type RunRecord, takeRunRecord } from './run-record.ts'
import { edgeUrlOf, type Env, readPorts, readSettings, urlOf } from './settings.ts'
import { trusting } from './trust.ts'
import { StartError, sayFileFailure } from './start-error.ts'

const READY_WITHIN_MS = 60_000
const LOG_LINES = 15

export interface ServeOptions {
  /** The project's folder; what is kept goes to `.estat` there. */
  readonly root: string
  readonly env: Env
  /** The Node that runs the children. */
  readonly node: string
  readonly tour: boolean
  /** With which certificate the edge speaks TLS; absent for plain HTTP. */
  readonly https?: TlsChoice | undefined
  readonly say: (text: string) => void
  /** Aborts when it is time to stop. */
  readonly stop: AbortSignal
}

/**
 * Serves until `stop` aborts; resolves when no process is left.
 *
 * @throws StartError for everything that a person can put right.
 */
export async function serve(options: ServeOptions): Promise<void> {
  const ports = readPorts(options.env)
  const record = await takeRunRecord(options.root, options.say)
  const family = new Family(options, record)
  try {
    await requireFreePort(ports.origin, 'PORT')
    await requireFreePort(ports.edge, 'EDGE_PORT')
    await requireFreePort(ports.admin, 'ADMIN_PORT')
    await run(options, family, record.run)
  } catch (error) {
    if (!family.halted.aborted) throw error
    // A child that died says more than whatever failed because of it; being asked to stop is no failure.
    if (family.halted.reason instanceof StartError) throw family.halted.reason
  } finally {
    record.stopping()
    if (options.stop.aborted) options.say('Stopping ...')
    await family.end()
    record.release()
  }
}

async function run(options: ServeOptions, family: Family, id: string): Promise<void> {
  const { root, env, node, tour, say, https } = options
  const ports = readPorts(env)
  const tls = https ? await openTls(root, https, Date.now()) : null
  const edgeUrl = edgeUrlOf(ports.edge, tls)
  const state = await openLocalState(root, edgeUrl)
  const settings = readSettings(env, ports, { ...state, generation: id }, tls)
  const dataDir = resolve(root, settings.dataDir)
  await requireWritable(join(dataDir, settings.bucket))
  const plan = planChildren(settings, env, node, root, tls)
  writeFiles(() => {
    mkdirSync(family.logDir, { recursive: true })
    mkdirSync(plan.edgePersist, { recursive: true })
    writePrivate(plan.edgeEnvFile.path, plan.edgeEnvFile.text)
  }, stateFolder(root))

  say('Starting origin and edge ...')
  const since = Date.now()
  const ready = async (child: ChildPlan): Promise<void> => {
    await waitHealthy(child.name, child.healthUrl, family.halted, READY_WITHIN_MS)
    say(`  ${child.name} ready after ${((Date.now() - since) / 1000).toFixed(1)} s`)
  }
  await family.keep(plan.origin)
  const script = join(projectRoot, 'infra', 'scripts', 'start', 'put-key.ts')
  const delivery = planKeyDelivery(state, plan, { root, script, node, log: family.logOf('key') }, env)
  if (delivery) {
    if ((await family.once(delivery.child)) !== 0)
      throw new StartError(`The local key could not be stored.${family.tail('key')}`)
    writeFiles(() => writePrivate(delivery.marker.path, delivery.marker.text), stateFolder(root))
  }
  await family.keep(plan.edge)
  await Promise.all([ready(plan.origin), ready(plan.edge)])

  if (tour) await takeTour(options, family, edgeUrl, tls)
  const { bucket, live } = settings
  const folders = { dataDir, logDir: family.logDir }
  const addresses = { edgeUrl, originUrl: urlOf(ports.origin), adminUrl: `${urlOf(ports.admin)}/admin/` }
  const keys = { key: state.key.text, adminKey: state.admin.text }
  say(`\n${announcement({ ...addresses, ...keys, bucket, live, tls, ...folders })}\n`)
  await family.forever()
}

async function takeTour(
  { root, env, node, say }: ServeOptions,
  family: Family,
  edgeUrl: string,
  tls: Tls | null,
): Promise<void> {
  if (tls?.localName === null)
    return say('No tour: your certificate is for another name than localhost. npm run tour -- --url https://NAME:PORT')
  const args = [join(root, 'infra', 'scripts', 'tour.ts'), '--url', edgeUrl]
  const code = await family.once({
    name: 'tour',
    command: node,
    args,
    env: trusting(ordinary(env), root, tls),
    cwd: root,
    log: null,
  })
  say(code === 0 ? 'The tour passed (exit code 0).' : `The tour fell short (exit code ${code}); serving all the same.`)
}

/** The processes of one run. The death of one that was to stay halts everything. */
class Family {
  readonly logDir: string
  readonly halted: AbortSignal
  readonly #options: ServeOptions
  readonly #record: RunRecord
  readonly #groups = new Set<number>()
  readonly #death = new AbortController()

  constructor(options: ServeOptions, record: RunRecord) {
    this.#options = options
    this.#record = record
    this.logDir = join(stateFolder(options.root), 'log')
    this.halted = AbortSignal.any([options.stop, this.#death.signal])
  }

  logOf(name: string): string {
    return join(this.logDir, `${name}.log`)
  }

  /** The end of a log, as lines to put below a sentence. */
  tail(name: string): string {
    const lines = lastLines(this.logOf(name), LOG_LINES)
    return [` The end of ${this.logOf(name)}:`, ...lines.map((line) => `  ${line}`)].join('\n')
  }

  /** Starts a child that is to stay. */
  async keep({ name, command, args, env }: ChildPlan): Promise<void> {
    const child = await this.#start({ name, command, args, env, cwd: this.#options.root, log: this.logOf(name) })
    void child.ended.then(({ how }) => {
      if (!this.halted.aborted)
        this.#death.abort(new StartError(`The ${name} ended unexpectedly (${how}).${this.tail(name)}`))
    })
  }

  /** Runs a child to its end; its exit code, or null where a signal ended it. */
  async once(spawned: Spawned): Promise<number | null> {
    const child = await this.#start(spawned)
    const { code } = await this.#unlessHalted(child.ended)
    // Its group is no longer ours to end: the kernel may give the number to a stranger.
    await endGroups([child.pid])
    this.#groups.delete(child.pid)
    return code
  }

  forever(): Promise<never> {
    return this.#unlessHalted(new Promise<never>(() => undefined))
  }

  end(): Promise<void> {
    return endGroups([...this.#groups])
  }

  async #start(spawned: Spawned): Promise<Child> {
    this.halted.throwIfAborted()
    const child = await startChild({ ...spawned, env: { ...spawned.env, [RUN_VARIABLE]: this.#record.run } })
    this.#groups.add(child.pid)
    this.#record.add(spawned.name, child.pid)
    return child
  }

  #unlessHalted<T>(wanted: Promise<T>): Promise<T> {
    const { halted } = this
    return new Promise((resolve, reject) => {
      const halt = (): void => reject(halted.reason as Error)
      if (halted.aborted) halt()
      halted.addEventListener('abort', halt, { once: true })
      wanted.then(resolve, reject).finally(() => halted.removeEventListener('abort', halt))
    })
  }
}

function writeFiles(write: () => void, folder: string): void {
  try {
    write()
  } catch (error) {
    throw sayFileFailure(folder, error)
  }
}
