/**
 * Memory of what passes by, given back at a steady pace. A buffer lies outside V8's heap, and V8 lets those that nobody
 * holds any more pile up as long as little is allocated within it: 10 to 30 MB, as it happens. A collection of young
 * objects alone takes well under a millisecond where, as here, hardly any of them live on.
 */

/** Bytes of buffers that may lie about, roughly twice that: what is unpacked is copied once on its way to us. */
const EVERY = 4 * 1024 * 1024

let passed = 0

/** Call it with the size of each piece that has passed. Does nothing in a process without `--expose-gc`. */
export function collectYoung(bytes: number): void {
  passed += bytes
  if (passed < EVERY) return
  passed = 0
  globalThis.gc?.({ type: 'minor', execution: 'sync' })
}
