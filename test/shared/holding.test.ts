import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { holding } from '../../shared/holding.ts'

let server: Server
let url: string
let left: () => void
beforeAll(async () => {
  // Takes requests and never answers.
  server = createServer((_request, response) => response.once('close', () => left()))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
})
afterAll(() => {
  server?.closeAllConnections()
  server?.close()
})

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

it('ends a request whose signal aborts, also after garbage was collected', async () => {
  const ended = new Promise<string>((resolve) => (left = () => resolve('ended')))
  const leave = new AbortController()
  const send = holding((request) => fetch(request))
  const asked = send(new Request(url, { signal: AbortSignal.any([leave.signal, new AbortController().signal]) }))
  const failed = asked.catch(({ name }: Error) => name)
  for (let run = 0; run < 3; run++) {
    await sleep(20)
    collectGarbage()
  }
  leave.abort()
  expect(await failed).toBe('AbortError')
  expect(await Promise.race([ended, sleep(5_000, 'goes on')])).toBe('ended')
})
