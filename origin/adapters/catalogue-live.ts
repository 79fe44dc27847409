/**
 * StatsCatalogue of all of e-Stat: the bundled sample until the first build is done, then the built one, each newer one
 * taking its place between two questions. Works in the background; neither start nor calls wait for it.
 */
import type { SearchIndex } from '../estat/search/index.ts'
import { buildCatalogue, type CatalogueDeps, remake } from '../jobs/catalogue.ts'
import { readCatalogue } from '../jobs/catalogue-record.ts'
import { type CurrentCatalogue, progressOf, secondsLeft } from '../jobs/catalogue-state.ts'
import type { SourceOrigin, StatsCatalogue } from '../ports.ts'
import { type CatalogueFile, openCatalogueFile } from './catalogue-file.ts'

export interface LiveCatalogueOptions extends CatalogueDeps {
  /** Searched until the first build is done. */
  readonly sample: StatsCatalogue
  readonly report: (error: unknown, where: string) => void
  /** Milliseconds between two looks whether a day has passed, and before a failed build, or another's, is looked at again. */
  readonly lookEveryMs?: number
  readonly retryAfterMs?: number
}

export interface LiveCatalogue extends StatsCatalogue {
  /** Takes what is built already, then builds and refreshes from now on. */
  start(): void
  stop(): Promise<void>
  /** One round of it, for who has no background. @throws What the build throws. */
  refresh(signal: AbortSignal): Promise<void>
}

const HOUR_MS = 3_600_000

interface Seen {
  readonly listed: number
  readonly total: number | null
  /** Milliseconds since the epoch. */
  readonly at: number
}
/** A build under way, here or elsewhere, as last seen and as first. */
type Progress = Seen & { readonly first: Seen }

export function liveCatalogue(options: LiveCatalogueOptions): LiveCatalogue {
  const { sample, store, report, lookEveryMs = HOUR_MS, retryAfterMs = 60_000 } = options
  const ending = new AbortController()
  let held: { readonly file: CatalogueFile; readonly of: CurrentCatalogue } | null = null
  let building: Progress | null = null
  let working: Promise<void> | null = null

  async function take(current: CurrentCatalogue): Promise<void> {
    if (held?.of.file === current.file) {
      held = { ...held, of: current }
      return
    }
    const file = openCatalogueFile(await store.localPath(current.file))
    held?.file.close()
    held = { file, of: current }
  }

  /** What any process on this store has built last. A file that is gone may be another's work: then there is a newer one. */
  async function adopt(tries = 2): Promise<void> {
    const { current } = (await readCatalogue(store)).record
    if (current === null) return
    try {
      await take(current)
    } catch (error) {
      if (tries > 1 && (await readCatalogue(store)).record.current?.file !== current.file) return adopt(tries - 1)
      report(error, 'catalogue')
      await remake(store, current, options.now())
    }
  }

  function saw(done: ReturnType<typeof progressOf>): void {
    const at = options.now()
    building = { ...done, at, first: building?.first ?? { ...done, at } }
  }

  /** @returns Milliseconds until the next look. */
  async function round(signal: AbortSignal): Promise<number> {
    await adopt()
    try {
      const outcome = await buildCatalogue(options, { signal, progress: saw })
      if (outcome.state === 'elsewhere') {
        if (outcome.build !== null) saw(progressOf(outcome.build))
        return Math.min(retryAfterMs, lookEveryMs)
      }
      building = null
      if (outcome.state === 'built') await take(outcome.current)
      return lookEveryMs
    } catch (error) {
      building = null
      throw error
    }
  }

  async function work(): Promise<void> {
    while (!ending.signal.aborted) {
      const wait = await round(ending.signal).catch((error: unknown) => {
        if (!ending.signal.aborted) report(error, 'catalogue')
        return retryAfterMs
      })
      await sleep(wait, ending.signal)
    }
  }

  return {
    get origin(): SourceOrigin {
      return held === null ? sample.origin : 'live'
    },
    index: (): SearchIndex => held?.file.index ?? sample.index(),
    status: () => ({
      state: held === null ? 'building' : 'ready',
      progress: building && {
        listed: building.listed,
        total: building.total,
        secondsLeft: secondsLeft(building.first, building),
      },
      asOf: held?.of.asOf ?? null,
    }),
    version: () => (held === null ? null : `${held.of.file} ${held.of.asOf}`),
    lists: options.lists,
    refresh: async (signal) => void (await round(signal)),
    start: () => void (working ??= work()),
    async stop() {
      ending.abort()
      await working
    },
  }
}

const sleep = (millis: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, millis)
    timer.unref()
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
