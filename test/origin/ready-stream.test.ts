/** The stream of the replaced system's clients, minutes of it in no time. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { readyStream } from '../../origin/ready-stream.ts'

beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-11-20T00:00:00Z') }))
afterEach(() => void vi.useRealTimers())

function opened(signal = new AbortController().signal) {
  const reader = readyStream('k1', () => Date.now(), signal).body?.getReader()
  return async (): Promise<string | null> => {
    const { value, done } = (await reader?.read()) ?? { done: true, value: undefined }
    return done ? null : new TextDecoder().decode(value)
  }
}

it('says that it is ready at once, that it is alive every 15 seconds, and ends after ten minutes', async () => {
  const next = opened()
  expect(await next()).toBe('event: connection\ndata: {"status":"ready","timestamp":"2026-11-20T00:00:00.000Z"}\n\n')
  const heard: (string | null)[] = []
  for (let seconds = 15; seconds < 600; seconds += 15) {
    await vi.advanceTimersByTimeAsync(15_000)
    heard.push(await next())
  }
  expect(new Set(heard)).toEqual(new Set([': keep-alive\n\n']))
  expect(heard).toHaveLength(39)
  await vi.advanceTimersByTimeAsync(15_000)
  // The beat and the end fall on the same moment; whichever came first, the end comes.
  const last = await next()
  expect(last === null || (await next()) === null).toBe(true)
  expect(vi.getTimerCount()).toBe(0)
})

it('ends, and lets go of its timers, when the client leaves', async () => {
  const leaving = new AbortController()
  const next = opened(leaving.signal)
  await next()
  leaving.abort()
  expect([await next(), vi.getTimerCount()]).toEqual([null, 0])
})
