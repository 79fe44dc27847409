/** A process that asks for copies in no order and reads each whole; another two do the same in its folder. */
import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { Fault } from '../../shared/fault.ts'
import { fileCache } from '../../origin/adapters/store-s3-cache.ts'

const [folder = ''] = process.argv.slice(2)
const SIZE = 200_000
// Room for four of eight; the grace is the time between being told a path and having read it, on a busy machine.
const cache = fileCache({ folder, maxBytes: 4 * SIZE, graceMs: 300 })

async function* chunks(fill: number) {
  for (let at = 0; at < 4; at += 1) yield new Uint8Array(SIZE / 4).fill(fill)
}

type Read = 'whole' | 'half' | 'no room'

async function read(fill: number): Promise<Read> {
  try {
    const path = await cache.path(String(fill), async () => ({ size: SIZE, chunks: chunks(fill), close: () => {} }))
    const bytes = await readFile(path as string)
    return bytes.length === SIZE && bytes.every((byte) => byte === fill) ? 'whole' : 'half'
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'TOO_LARGE') throw error
    await sleep(20)
    return 'no room'
  }
}

const seen: Read[] = []
for (let round = 0; round < 60; round += 1) seen.push(await read(Math.floor(Math.random() * 8)))
process.send?.({
  half: seen.filter((one) => one === 'half').length,
  whole: seen.filter((one) => one === 'whole').length,
})
process.disconnect()
