/** An origin in front of an e-Stat of the test's own: the stand-in with given tables, or any function, each request noted. */
import type { Send } from '../../../origin/adapters/stats-http-attempt.ts'
import { statsHttp } from '../../../origin/adapters/stats-http.ts'
import { type FaultPlan, withFaults } from '../../../origin/standin/faults.ts'
import { createStandin } from '../../../origin/standin/standin.ts'
import type { StandinTable } from '../../../origin/standin/table.ts'
import { type Executed, execute, openOrigin } from './origin.ts'

/** Forty hex digits, as e-Stat's are: made up. */
export const APP_ID = '0123456789abcdef0123456789abcdef01234567'

export interface Upstream {
  /** `POST /execute` as an administrator. */
  readonly call: (tool: string, args: object) => Promise<Executed>
  /** Every URL that e-Stat was asked, in order. */
  readonly asked: readonly URL[]
  readonly reported: readonly unknown[]
  /** Where the lake lies. */
  readonly dataDir: string
  readonly close: () => Promise<void>
}

export interface UpstreamOptions {
  readonly tables?: readonly StandinTable[]
  readonly plan?: FaultPlan
  /** In place of the stand-in. */
  readonly send?: Send
  /** As it is configured. */
  readonly appId?: string
  readonly attemptMs?: number
}

export async function openUpstream(options: UpstreamOptions): Promise<Upstream> {
  const { tables = [], plan = () => null, appId = APP_ID, attemptMs = 5000 } = options
  const now = (): number => Date.now()
  const standin = withFaults(createStandin({ tables, accepts: [APP_ID], now }), plan)
  const asked: URL[] = []
  const send: Send = async (request) => {
    asked.push(new URL(request.url))
    return await (options.send ?? standin)(request)
  }
  const retry = { attempts: 3, baseMs: 0, capMs: 0 }
  const stats = statsHttp({ send, appId, origin: 'live', now, retry, attemptMs })
  const origin = await openOrigin({ ports: { stats } })
  return {
    call: (tool, args) => execute(origin, tool, args),
    asked,
    reported: origin.reported,
    dataDir: origin.dataDir,
    close: () => origin.close(),
  }
}
