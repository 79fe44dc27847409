import type { Server } from 'node:https'
import type { Certificate } from '../common/boot.ts'
import { TLS } from './http-server.ts'

/** How often the files are looked at: certificates are renewed days before they end. */
const LOOK_MS = 60_000

/**
 * Takes up a renewed certificate without a restart, on SIGHUP at once; connections that are open keep the one they have.
 * Half a pair (the key is there already, the certificate not yet) changes nothing.
 */
export function keepCertificate(
  server: Server,
  read: () => Certificate,
  report: (error: unknown, where: string) => void,
): Server {
  let current = read()

  function look(): void {
    try {
      const next = read()
      if (next.cert === current.cert && next.key === current.key) return
      server.setSecureContext({ ...next, minVersion: TLS.minVersion })
      current = next
    } catch (error) {
      report(error, 'certificate')
    }
  }

  setInterval(look, LOOK_MS).unref()
  process.on('SIGHUP', look)
  return server
}
