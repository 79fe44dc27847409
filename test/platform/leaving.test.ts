/** A client that leaves ends the work at the origin: on workerd alone, which is what serves. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type FakeOrigin, fakeOrigin, type Heard } from './fake-origin.ts'
import { type RawEdge, startRawEdge } from './raw-workerd.ts'

let origin: FakeOrigin
let edge: RawEdge
beforeAll(async () => {
  origin = await fakeOrigin()
  edge = await startRawEdge({ originUrl: origin.url })
  origin.trust(edge.publicKey)
})
afterAll(async () => {
  await edge?.close()
  await origin?.close()
})

const EVENT = { 'content-type': 'text/event-stream' }

// Over HTTP/1.1 workerd sees that a client has left by a reset, or when it next writes to it: a plain end of the
// client's half may be followed by reading. Cloudflare's own front tells it in every case.
it.each([
  ['by a reset before the first byte', 'before', 'resetAndDestroy'],
  ['by a reset in the middle', 'silent', 'resetAndDestroy'],
  ['quietly while there is more to write', 'ticking', 'destroy'],
] as const)('end at the origin when the client leaves %s', async (_name, origins, leave) => {
  const asked = new Promise<Heard>((resolve) => {
    origin.answer((heard, response) => {
      if (origins !== 'before') response.writeHead(200, EVENT).write('data: 1\n\n')
      if (origins === 'ticking') {
        const ticks = setInterval(() => response.write(': tick\n\n'), 50)
        response.once('close', () => clearInterval(ticks))
      }
      resolve(heard)
    })
  })
  const { hostname, port } = new URL(edge.url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {})
  socket.write(`GET /mcp HTTP/1.1\r\nHost: ${hostname}\r\nAccept: text/event-stream\r\n\r\n`)
  const heard = await asked
  if (origins !== 'before') await once(socket, 'data')
  socket[leave]()
  expect(await Promise.race([heard.left.then(() => 'told'), sleep(5_000, 'not told')])).toBe('told')
})
