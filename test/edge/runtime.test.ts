/** `npm run test:runtimes` runs the edge's tests inside Bun and Deno: this one sees that they are there indeed. */
import { expect, it } from 'vitest'

it(`runs in the runtime that was asked for`, () => {
  const wanted = process.env['TEST_RUNTIME'] ?? 'node'
  expect(runtime()).toBe(wanted)
})

function runtime(): string {
  if ('Bun' in globalThis) return 'bun'
  return 'Deno' in globalThis ? 'deno' : 'node'
}
