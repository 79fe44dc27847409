/**
 * Environment that an origin is started with wherever it runs, so that its memory follows its work: V8 and glibc take
 * what a machine has before they give anything back (`npm run bench:fetch` shows both). One place for `npm start`, the
 * benches and the container.
 *
 * - `--max-semi-space-size`: young objects are collected after 4 MB and not after 16, so that what is short-lived, most
 *   of it pieces of answers on their way, is soon gone.
 * - `--max-old-space-size`: V8 lets its heap grow by a share of this before it cleans up. 256 MB is what Node gives
 *   itself in the smallest supported task (512 MB).
 * - `MALLOC_ARENA_MAX`: glibc keeps a heap for each of up to eight threads a CPU, each with holes of its own.
 */
export const ORIGIN_FLAGS = {
  NODE_OPTIONS: '--max-old-space-size=256 --max-semi-space-size=4',
  MALLOC_ARENA_MAX: '2',
} as const
