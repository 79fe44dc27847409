/** A stand-in behind a socket: gzip where the client takes it, and lost connections that are lost. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { answerWith, type InjectedFault } from '../../../origin/standin/faults.ts'
import { parseFault } from '../../../origin/standin/parse-fault.ts'
import type { Standin } from '../../../origin/standin/standin.ts'

const FAULT_HEADER = 'x-standin-fault'
const FAULT_PARAMETER = 'standinFault'

/** @param host @param port 0 for any. @returns The server, once it listens. */
export async function serveStandin(standin: Standin, { host, port }: { host: string; port: number }): Promise<Server> {
  const server = createServer((message, response) => void answer(standin, message, response))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  return server
}

async function answer(standin: Standin, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const left = new AbortController()
  response.on('close', () => left.abort())
  try {
    const request = requestOf(message, left.signal)
    const fault = askedFault(request)
    await send(fault === null ? await standin(request) : await answerWith(fault, standin, request), message, response)
  } catch {
    // What the stand-in throws is a lost connection (faults.ts): so it is one here.
    response.destroy()
  }
}

function requestOf(message: IncomingMessage, signal: AbortSignal): Request {
  const { method = 'GET', url = '/', headers } = message
  const hasBody = method !== 'GET' && method !== 'HEAD'
  return new Request(new URL(url, 'http://standin.invalid'), {
    method,
    headers: Object.entries(headers).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, [value].flat().join(', ')]],
    ),
    signal,
    ...(hasBody ? { body: Readable.toWeb(message) as ReadableStream<Uint8Array>, duplex: 'half' as const } : {}),
  })
}

/** What the request itself asks to go wrong; an unknown name counts as none. */
function askedFault(request: Request): InjectedFault | null {
  const asked = request.headers.get(FAULT_HEADER) ?? new URL(request.url).searchParams.get(FAULT_PARAMETER)
  return asked === null ? null : parseFault(asked)
}

async function send(answered: Response, { headers }: IncomingMessage, response: ServerResponse): Promise<void> {
  const zipped = /\bgzip\b/.test(headers['accept-encoding'] ?? '')
  response.writeHead(answered.status, {
    ...Object.fromEntries(answered.headers),
    vary: 'Accept-Encoding',
    ...(zipped ? { 'content-encoding': 'gzip' } : {}),
  })
  // An answer that breaks off has begun: its status and headers arrive.
  response.flushHeaders()
  if (answered.body === null) return void response.end()
  const body = Readable.fromWeb(answered.body)
  await (zipped ? pipeline(body, createGzip(), response) : pipeline(body, response))
}
