/** The edge on Node. What bounds its clients: `node/http-server.ts`; how it begins and ends: `common/boot.ts`. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { boot } from './common/boot.ts'
import { plainServer, tlsServer } from './node/http-server.ts'
import { refusingPlain } from './node/plain-refusal.ts'
import { keepCertificate } from './node/renew.ts'

await boot(async ({ edge, host, port, certificate, report }) => {
  const tls = certificate && keepCertificate(tlsServer(edge, certificate()), certificate, report)
  const http = tls ?? plainServer(edge)
  const server = tls ? refusingPlain(tls) : http
  server.listen(port, host)
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const ended = once(server, 'close')
      server.close()
      // A connection that answers its last request now would be kept alive.
      setInterval(() => http.closeIdleConnections(), 50).unref()
      await ended
    },
  }
})
