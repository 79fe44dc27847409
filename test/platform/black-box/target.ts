/** What the black-box suite is told of a running edge, and what a check is. */
import type { Relay } from './relay.ts'

export type Scope = 'read' | 'lake' | 'admin'

export interface Grant {
  readonly scopes: readonly Scope[]
  /** Calls a minute. */
  readonly limit?: number
}

export interface Target {
  readonly name: string
  /** Without a trailing slash. */
  readonly url: string
  /** What lies between the edge and its origin, and remembers. */
  readonly relay: Relay
  /** A fresh API key. */
  readonly issueKey: (grant: Grant) => Promise<string>
  /** Takes a key away. */
  readonly revoke: (key: string) => Promise<void>
  /** What the platform cannot do, by the trait that a check needs: a reason for people. */
  readonly cannot: Readonly<Partial<Record<Trait, string>>>
  close(): Promise<void>
}

/** What not every platform has. */
export type Trait = 'streams' | 'disconnect' | 'raw-http'

export interface Check {
  readonly name: string
  readonly needs?: Trait
  /** Rejects where the edge falls short. */
  run(target: Target): Promise<void>
}

export type Outcome = { readonly state: 'pass' | 'fail' | 'not applicable'; readonly why: string }

export async function outcomeOf(check: Check, target: Target, patienceMs: number): Promise<Outcome> {
  const reason = check.needs === undefined ? undefined : target.cannot[check.needs]
  if (reason !== undefined) return { state: 'not applicable', why: reason }
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${patienceMs / 1000} s`)), patienceMs)
  })
  try {
    await Promise.race([check.run(target), late])
    return { state: 'pass', why: '' }
  } catch (error) {
    return { state: 'fail', why: error instanceof Error ? error.message : String(error) }
  } finally {
    clearTimeout(timer)
  }
}
