/** Node's own server in front of the app, with bounds on everything a client can draw out. */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerOptions } from 'node:http'
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https'
import { getRequestListener, RequestError } from '@hono/node-server'
import type { Certificate } from '../common/boot.ts'
import type { ServerEdge } from '../common/server-edge.ts'

const BOUNDS: ServerOptions = {
  /** A slow sender has this long for its headers, and for the whole request: 1 MB at the most. Answered 408. */
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 2_000,
  /** Answered 431 above it. */
  maxHeaderSize: 16_384,
  /** Longer than a load balancer keeps its side (AWS: 60 s), or it would send into a connection that just closed. */
  keepAliveTimeout: 65_000,
}
/** What came before has been broken or is about to be (RFC 8996). */
export const TLS = { minVersion: 'TLSv1.2', handshakeTimeout: 10_000 } as const
/**
 * Without a byte in either direction: more than any call takes (50 s), and a stream has a comment every 15 s. A reader
 * that takes nothing is let go after twice that: with a write under way Node looks once more.
 */
const SILENCE_MS = 90_000
const MAX_CONNECTIONS = 10_000

export const plainServer = (edge: ServerEdge): Server => bounded(createServer(BOUNDS, answering(edge)))

export const tlsServer = (edge: ServerEdge, certificate: Certificate): TlsServer =>
  bounded(createTlsServer({ ...BOUNDS, ...TLS, ...certificate }, answering(edge)))

function answering(edge: ServerEdge): RequestListener {
  const answer = getRequestListener(
    (request, env) => edge.fetch(request, { address: (env.incoming as IncomingMessage).socket.remoteAddress ?? null }),
    // No Host, or one that makes no URL (RFC 9112 section 3.2): the client's fault, and none of ours to be told of.
    { errorHandler: (error) => new Response(null, { status: error instanceof RequestError ? 400 : 500 }) },
  )
  return (incoming, outgoing) => {
    // Node takes the first of two; what stands in front may have taken the other (RFC 9112 section 3.2).
    const hosts = incoming.rawHeaders.filter((text, at) => at % 2 === 0 && text.toLowerCase() === 'host').length
    // A proxy's form (RFC 9112 section 3.2.2) would bring a scheme and a host of the client's choice.
    if (incoming.url?.startsWith('/') && hosts <= 1) void answer(incoming, outgoing)
    else outgoing.writeHead(400, { connection: 'close' }).end()
  }
}

function bounded<Kind extends Server | TlsServer>(server: Kind): Kind {
  server.timeout = SILENCE_MS
  server.maxConnections = MAX_CONNECTIONS
  return server
}
