/** Origins that a test holds in its hand: in this process, and over HTTP. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import type { Outcome } from '../../edge/domain/executed.ts'
import { failed } from '../../edge/domain/flown.ts'
import type { Run } from '../../edge/execute.ts'
import type { Order } from '../../edge/ports.ts'
import { fault } from '../../shared/fault.ts'
import type { TakeOff, Tower } from '../contracts/flights.ts'

/** As `executor` promises: CANCELLED where the signal aborts. */
export function localTower(): Tower & { readonly run: Run } {
  const all: TakeOff[] = []
  return {
    takeOffs: (requestId) => all.filter(({ order }) => order.requestId === requestId),
    run(order, signal) {
      const { promise, resolve, reject } = Promise.withResolvers<Outcome>()
      const ended = new Promise<void>((end) => signal?.addEventListener('abort', () => end()))
      signal?.addEventListener('abort', () => reject(fault('CANCELLED', 'The caller left.')))
      all.push({ order, land: resolve, fail: reject, ended })
      return promise
    },
  }
}

/** Takes orders as JSON and answers `Flown` as JSON. */
export async function httpTower(): Promise<Tower & { readonly url: string; close(): Promise<void> }> {
  const all: TakeOff[] = []
  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const order = (await json(request)) as Order
    const ended = new Promise<void>((end) => response.once('close', () => response.writableFinished || end()))
    const answer = (flown: object) => send(response, flown)
    all.push({ order, land: (outcome) => answer({ outcome }), fail: (error) => answer(failed(error)), ended })
  }
  const server = createServer((request, response) => void take(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    takeOffs: (requestId) => all.filter(({ order }) => order.requestId === requestId),
    close() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

const send = (response: ServerResponse, body: object): void =>
  void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
