/**
 * StatsCatalogue of all of e-Stat: the bundled sample until the first build is done, then the built one, each newer one
 * taking its place between two questions. Works in the background; neither start nor calls wait for it.
 */
import type { SearchIndex } from '../estat/search/index.ts'
import { buildCatalogue, type CatalogueDeps, readCurrent, remake } from '../jobs/catalogue.ts'
import type { CurrentCatalogue } from '../jobs/catalogue-state.ts'
import type { CatalogueStatus, SourceOrigin, StatsCatalogue } from '../ports.ts'
import { type CatalogueFile, openCatalogueFile } from './catalogue-file.ts'

export interface LiveCatalogueOptions extends CatalogueDeps {
  /** Searched until the first build is done. */
  readonly sample: StatsCatalogue
  readonly report: (error: unknown, where: string) => void
  /** Milliseconds between two looks whether a day has passed, and before a failed build is taken up again. */
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

export function liveCatalogue(options: LiveCatalogueOptions): LiveCatalogue {
  const { sample, store, report, lookEveryMs = HOUR_MS, retryAfterMs = 60_000 } = options
  const ending = new AbortController()
  let held: { readonly file: CatalogueFile; readonly of: CurrentCatalogue } | null = null
  let progress: CatalogueStatus['progress'] = null
  let working: Promise<void> | null = null

  async function take(current: CurrentCatalogue): Promise<void> {
    if (held?.of.generation === current.generation) {
      held = { ...held, of: current }
      return
    }
    const file = openCatalogueFile(await store.localPath(current.file))
    held?.file.close()
    held = { file, of: current }
  }

  async function refresh(signal: AbortSignal): Promise<void> {
    if (held === null) {
      const current = await readCurrent(store)
      if (current !== null)
        await take(current).catch(async (error: unknown) => {
          report(error, 'catalogue')
          await remake(store, current, options.now())
        })
    }
    try {
      const made = await buildCatalogue(options, { signal, progress: (done) => void (progress = done) })
      if (made !== null) await take(made)
    } finally {
      progress = null
    }
  }

  async function work(): Promise<void> {
    while (!ending.signal.aborted) {
      const wait = await refresh(ending.signal).then(
        () => lookEveryMs,
        (error: unknown) => {
          if (!ending.signal.aborted) report(error, 'catalogue')
          return retryAfterMs
        },
      )
      await sleep(wait, ending.signal)
    }
  }

  return {
    get origin(): SourceOrigin {
      return held === null ? sample.origin : 'live'
    },
    index: (): SearchIndex => held?.file.index ?? sample.index(),
    status: () => ({ state: held === null ? 'building' : 'ready', progress, asOf: held?.of.asOf ?? null }),
    lists: options.lists,
    refresh,
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
