type Send = (request: Request) => Promise<Response>

/**
 * `send`, holding what it sends until the answer has begun; its body ends with its reader. For Node, Bun and Deno.
 *
 * Node's own client holds the Request that it was given only weakly, and with it the signal that ends it: once the
 * garbage collector has run, an abort and a timeout reach nothing any more (tried with Node 24.21: gone within seconds).
 *
 * Not for workerd, where a request that ends with its client would never be let go.
 */
export function holding(send: Send): Send {
  const held = new Set<Request>()
  return async function sendHeld(request) {
    held.add(request)
    try {
      return await send(request)
    } finally {
      held.delete(request)
    }
  }
}
