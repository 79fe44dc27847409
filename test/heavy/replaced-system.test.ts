/** `curl -N -H 'Accept: text/event-stream' /mcp` is alive after a minute: on the real clock, at both doors at once. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type BothDoors, curl, DOORS, HAS_CURL, openBothDoors } from '../support/both-doors.ts'

if (!HAS_CURL)
  process.stderr.write('Left out: the minute of the event stream needs curl, which is not on this machine.\n')

/** What curl says where `--max-time` ended it: nobody else did. */
const ENDED_BY_TIME = 28

let doors: BothDoors
beforeAll(async () => {
  if (HAS_CURL) doors = await openBothDoors()
})
afterAll(() => doors?.close())

it.runIf(HAS_CURL)(
  'says something every 15 seconds, and goes on',
  async () => {
    const heard = await Promise.all(
      DOORS.map((name) => {
        const { url, key } = doors.at(name)
        return curl(['-N', '-H', 'Accept: text/event-stream', '-H', `X-API-Key: ${key}`, '-m', '62', `${url}/mcp`])
      }),
    )
    for (const { code, text } of heard) {
      expect(text).toMatch(/^event: connection\n/)
      expect([code, text.match(/^: keep-alive$/gm)?.length]).toEqual([ENDED_BY_TIME, 4])
    }
  },
  90_000,
)
