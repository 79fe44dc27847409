/** Numbers from a seed: the same everywhere, for any place in any order, with nothing kept in between. */

/**
 * The murmur3 finaliser over both numbers: every bit of the answer depends on every bit of them.
 *
 * @param seed Any 32-bit whole number.
 * @param place 0 to 2^53: which number of the sequence.
 * @returns 0 to 2^32 - 1.
 */
export function mix(seed: number, place: number): number {
  let bits = Math.imul(seed ^ Math.floor(place / 0x1_0000_0000), 0x9e3779b1) ^ (place >>> 0)
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  bits = Math.imul(bits ^ (bits >>> 16) ^ seed, 0x27d4eb2f)
  return (bits ^ (bits >>> 15)) >>> 0
}

/** A stream of choices for one place: each call gives the next one. */
export interface Choices {
  /** 0 to `count` - 1. */
  below(count: number): number
  /** One of `options`, which has at least one. */
  of<T>(options: readonly T[]): T
  /** True for `share` of all places; `share` is 0 to 1. */
  chance(share: number): boolean
}

export function choicesAt(seed: number, place: number): Choices {
  let turn = 0
  const next = (): number => mix(mix(seed, place), ++turn)
  const below = (count: number): number => next() % count
  return {
    below,
    of: <T>(options: readonly T[]) => options[below(options.length)] as T,
    chance: (share) => next() < share * 0x1_0000_0000,
  }
}
