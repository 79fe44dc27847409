/**
 * Environment that an origin is started with wherever it runs, so that its memory follows its work: V8 and glibc take
 * what a machine has before they give anything back (`npm run bench:fetch` shows both). One place for `npm start`, the
 * benches and the container.
 *
 * - `--max-semi-space-size`: young objects are collected after 4 MB and not after 16.
 * - `--max-old-space-size`: V8 lets its heap grow by a share of this before it cleans up. 256 MB is what Node gives
 *   itself in the smallest supported task (512 MB).
 * - `--expose-gc`: lets `origin/adapters/collect-young.ts` give back the buffers of a page while it passes.
 * - `MALLOC_ARENA_MAX`: glibc keeps a heap for each of up to eight threads a CPU, each with holes of its own.
 * - `MALLOC_MMAP_THRESHOLD_`, `MALLOC_TRIM_THRESHOLD_`: glibc's own values, which without being named it raises to
 *   32 and 64 MB once a large buffer has been freed (mallopt(3)): what is larger goes back to the system when freed.
 */
export const ORIGIN_FLAGS = {
  NODE_OPTIONS: '--max-old-space-size=256 --max-semi-space-size=4 --expose-gc',
  MALLOC_ARENA_MAX: '2',
  MALLOC_MMAP_THRESHOLD_: '131072',
  MALLOC_TRIM_THRESHOLD_: '131072',
} as const
