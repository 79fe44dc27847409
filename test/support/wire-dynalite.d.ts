declare module 'dynalite' {
  import type { Server } from 'node:http'
  /** In memory where no path is given. */
  export default function dynalite(options?: { readonly createTableMs?: number; readonly path?: string }): Server
}
