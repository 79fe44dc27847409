/** A bare Hono JSON route on Node, in a process of its own. */
import { serve } from '@hono/node-server'
import { Hono } from 'hono'

const app = new Hono()
app.all('*', (c) => c.json({ ok: true }))
const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, (address) =>
  process.send?.({ url: `http://127.0.0.1:${address.port}` }),
)
process.on('disconnect', () => server.close())
