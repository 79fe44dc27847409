/**
 * `server.json`, the listing of the MCP registry. Who publishes it gives it a name of a namespace and a host of their own;
 * what it repeats of the code is written here. Pure.
 */

interface Listing {
  readonly title?: string
  readonly version: string
}

/** The same text with the server's own title and version. @throws SyntaxError for what is no JSON. */
export function listing(text: string, { title, version }: Required<Listing>): string {
  return `${JSON.stringify({ ...(JSON.parse(text) as Listing), title, version }, null, 2)}\n`
}
