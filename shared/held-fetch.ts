/**
 * The platform's fetch of a Request, for Node, Bun and Deno.
 *
 * Node's fetch holds the Request that it was given only weakly, and with it the signal that ends it: once the garbage
 * collector has run, an abort and a timeout reach nothing any more (tried with Node 24.21: gone within seconds). Held
 * here until the answer has begun; its body ends with its reader.
 *
 * Not for workerd, where a request that ends with its client would never be let go.
 */
const held = new Set<Request>()

export async function heldFetch(request: Request): Promise<Response> {
  held.add(request)
  try {
    return await fetch(request)
  } finally {
    held.delete(request)
  }
}
