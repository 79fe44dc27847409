/**
 * CSV files of millions of rows, written by a job of a real origin process that does nothing else: peak memory of its
 * process tree, rows a second, and every cell held to the raw pages.
 * `CSV_SIZES=1000000,5000000 vitest run --config test/heavy/vitest.config.ts csv-size`.
 */
import { expect, it } from 'vitest'
import { ORIGIN_FLAGS } from '../../infra/scripts/start/origin-flags.ts'
import { samplePeak } from '../bench/process-tree.ts'
import { type CsvScene, openCsvScene } from './csv-scene.ts'

const SIZES = (process.env['CSV_SIZES'] ?? '1000000,5000000').split(',').map(Number)
/** Times the peak of the smallest size, for five times the rows: single runs differ by some 20 MB of 150. */
const MOST_GROWTH = 1.25
const MINUTES = 30
const sleep = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis))

interface Figures {
  readonly peak: number
  readonly seconds: number
}

/** The rows are fetched by one process and written by the next, so that the fetch's memory is not measured. */
async function measure(scene: CsvScene, layout: string): Promise<Figures> {
  const id = await scene.begin({ layout, output_filename: `${layout}.csv` })
  const { unfinished } = await scene.files()
  while ((await scene.files()).unfinished.length === unfinished.length) await sleep(50)
  await scene.origin.kill('SIGKILL')
  const left = (await scene.files()).unfinished.length
  await scene.origin.restart()
  const peakOf = samplePeak(scene.origin.pid())
  while ((await scene.files()).unfinished.length === left) await sleep(10)
  const from = performance.now()
  const job = await scene.untilOver(scene.origin, id, MINUTES * 60_000)
  const seconds = (performance.now() - from) / 1000
  const peak = peakOf()
  await scene.expectWhole(job)
  return { peak, seconds }
}

it.each(['long', 'wide'])(
  'memory does not grow with the rows, layout %s',
  async (layout) => {
    const found: Figures[] = []
    for (const rows of SIZES) {
      const scene = await openCsvScene(rows, ORIGIN_FLAGS)
      try {
        const figures = await measure(scene, layout)
        found.push(figures)
        const { peak, seconds } = figures
        process.stdout.write(
          `${layout}: ${rows} rows, ${seconds.toFixed(1)} s, ${Math.round(rows / seconds)} rows/s, peak ${(peak / 1e6).toFixed(0)} MB of the tree\n`,
        )
      } finally {
        await scene.close()
      }
    }
    const peaks = found.map(({ peak }) => peak)
    expect(Math.max(...peaks) / (peaks[0] ?? Number.NaN)).toBeLessThanOrEqual(MOST_GROWTH)
  },
  MINUTES * 60_000,
)
