/** The stand-in over HTTP in this process, with a generated table, a delay for each page and a log of what was asked. */
import { createServer, type Server } from 'node:http'
import { serve } from '@hono/node-server'
import { generatedTable } from '../../origin/standin/generate/table.ts'
import { createStandin } from '../../origin/standin/standin.ts'
import { freePort } from '../e2e/origin-process.ts'

/** What the stand-in takes for an application ID: no secret, and of e-Stat's form. */
export const STANDIN_ID = '0123456789abcdef0123456789abcdef01234567'

export interface Upstream {
  readonly url: string
  /** startPosition of each request for rows, in order; counting is not among them. */
  readonly pages: number[]
  /** Milliseconds that each page takes. */
  delay: number
  close(): Promise<void>
}

export async function startUpstream(options: { readonly id: string; readonly rows: number }): Promise<Upstream> {
  const table = generatedTable({ ...options, seed: 7 })
  const standin = createStandin({ tables: [table], accepts: [STANDIN_ID], now: () => Date.now() })
  const port = await freePort()
  const upstream = {
    url: `http://127.0.0.1:${port}`,
    pages: [] as number[],
    delay: 0,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
  const fetch = async (request: Request): Promise<Response> => {
    const { pathname, searchParams } = new URL(request.url)
    // A job asks for whole pages; the few rows that an answer shows are no page.
    if (
      pathname.endsWith('/getStatsData') &&
      searchParams.get('cntGetFlg') === 'N' &&
      Number(searchParams.get('limit')) > 700
    ) {
      upstream.pages.push(Number(searchParams.get('startPosition')))
      await new Promise((resolve) => setTimeout(resolve, upstream.delay))
    }
    return standin(request)
  }
  const server = serve({ fetch, port, hostname: '127.0.0.1', createServer }) as Server
  await new Promise((resolve) => server.once('listening', resolve))
  return upstream
}
