/** What plain HTTP gets at a port that speaks TLS: a word, where Node alone would hang up without one. */
import { createServer, type RequestListener } from 'node:http'
import { createServer as createNetServer, type Server as NetServer } from 'node:net'
import type { Server as TlsServer } from 'node:https'

/** RFC 8446 section 5.1: a connection of TLS begins with a record of type handshake. */
const HANDSHAKE = 0x16
/** For the first byte. */
const PATIENCE_MS = 10_000

/**
 * A server for the port of `tls`: connections that begin as TLS does are its own, others are told where to go. GET and
 * HEAD are sent on to https, for everything else has been sent in the clear already and must not be sent so again.
 */
export function refusingPlain(tls: TlsServer): NetServer {
  const plain = createServer({ headersTimeout: PATIENCE_MS, requestTimeout: PATIENCE_MS }, sendOn)
  const outer = createNetServer((socket) => {
    const giveUp = setTimeout(() => socket.destroy(), PATIENCE_MS)
    const fail = (): void => void socket.destroy()
    socket.once('error', fail)
    socket.once('close', () => clearTimeout(giveUp))
    socket.once('data', (first: Buffer) => {
      clearTimeout(giveUp)
      socket.off('error', fail)
      socket.pause()
      socket.unshift(first)
      const server: Pick<TlsServer, 'emit'> = first[0] === HANDSHAKE ? tls : plain
      server.emit('connection', socket)
      // Not before the server has begun to listen to it.
      process.nextTick(() => socket.resume())
    })
  })
  outer.maxConnections = tls.maxConnections
  // Node looks after slow senders from this event on; neither of the two listens by itself.
  for (const server of [tls, plain]) outer.once('listening', () => server.emit('listening'))
  return outer
}

const sendOn: RequestListener = ({ method, url, headers: { host } }, response) => {
  response.setHeader('connection', 'close')
  if (
    (method === 'GET' || method === 'HEAD') &&
    host !== undefined &&
    /^[\w.:[\]-]+$/.test(host) &&
    url?.startsWith('/')
  )
    response.writeHead(308, { location: `https://${host}${url}` }).end()
  else response.writeHead(403, { 'content-type': 'text/plain' }).end('This port speaks https alone.\n')
}
