/**
 * Which cells of a generated table exist. Cells are numbered in e-Stat's order; of each 32 in a row the same number is
 * missing, at places that the seed decides. So the number of cells before any other is arithmetic: a table of ten million
 * rows takes no memory, and a page may start anywhere.
 */
import { mix } from './random.ts'

const BLOCK = 32

export interface Cells {
  /** Cells that exist. */
  readonly rows: number
  /** Existing cells before cell number `cell`. */
  before(cell: number): number
  /** Number of the existing cell that has `row` existing ones before it. @param row 0 to `rows` - 1. */
  at(row: number): number
}

/** Cells that a table of so many rows needs, holes included. @param holes Of each 32 cells, 0 to 31. */
export const cellsNeeded = (rows: number, holes: number): number => Math.ceil(rows / (BLOCK - holes)) * BLOCK

/** @param rows Exactly so many exist: what would come after the last one is missing too. */
export function generatedCells(seed: number, rows: number, holes: number): Cells {
  const each = BLOCK - holes
  let lastBlock = -1
  let lastBits = 0
  /** A bit for each cell of a block, 1 where it exists. Places are a step apart that is odd, so none comes twice. */
  const bitsOf = (block: number): number => {
    if (block === lastBlock) return lastBits
    const random = mix(seed, block)
    const step = ((random >>> 5) & 15) * 2 + 1
    let bits = -1
    for (let hole = 0; hole < holes; hole += 1) bits &= ~(1 << ((random + hole * step) & 31))
    lastBlock = block
    lastBits = bits
    return bits
  }
  const before = (cell: number): number => {
    const block = Math.floor(cell / BLOCK)
    const within = cell - block * BLOCK
    const earlier = within === 0 ? 0 : onesIn(bitsOf(block) & ((1 << within) - 1))
    return Math.min(rows, block * each + earlier)
  }
  return {
    rows,
    before,
    at(row) {
      const block = Math.floor(row / each)
      let bits = bitsOf(block)
      // Drops the lowest ones until the wanted one is the lowest.
      for (let skip = row - block * each; skip > 0; skip -= 1) bits &= bits - 1
      return block * BLOCK + (31 - Math.clz32(bits & -bits))
    },
  }
}

/** Bits that are set, of 32. */
function onesIn(bits: number): number {
  let sums = bits - ((bits >>> 1) & 0x55555555)
  sums = (sums & 0x33333333) + ((sums >>> 2) & 0x33333333)
  return Math.imul((sums + (sums >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
