/** A real origin and a real edge in front of it, on workerd: the two doors that people reach this server by. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { startOrigin } from '../e2e/origin-process.ts'
import { newSigningKey, startEdge } from '../platform/workerd.ts'

export interface Door {
  /** Without a trailing slash. */
  readonly url: string
  /** A key with every scope. */
  readonly key: string
}

export const DOORS = ['the edge on workerd', 'the origin itself'] as const
export type DoorName = (typeof DOORS)[number]

export interface BothDoors {
  at(name: DoorName): Door
  close(): Promise<void>
}

export async function openBothDoors(): Promise<BothDoors> {
  const signingKey = await newSigningKey()
  const { d: _secret, ...publicKey } = signingKey
  const origin = await startOrigin({ edgeKeys: [publicKey] })
  const vars = { AUTH_MODE: 'key', RATE_LIMIT_PER_MINUTE: '1000' }
  const edge = await startEdge({ originUrl: origin.url, signingKey, vars })
  const { text } = await edge.issueKey()
  const doors: Readonly<Record<DoorName, Door>> = {
    'the edge on workerd': { url: edge.url, key: text },
    'the origin itself': { url: origin.url, key: origin.adminKey },
  }
  return {
    at: (name) => doors[name],
    async close() {
      await edge.close()
      await origin.close()
    },
  }
}

/** Whether this machine has the program that the documents of the replaced system check with. */
export const HAS_CURL = spawnSync('curl', ['--version']).status === 0

export interface Curled {
  /** 28 where `--max-time` ended it. */
  readonly code: number
  readonly text: string
}

/** @param until Ends it as soon as what came so far holds this; where absent it ends by itself. */
export async function curl(args: readonly string[], until?: string): Promise<Curled> {
  const child = spawn('curl', ['--silent', '--show-error', ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part
    if (until !== undefined && text.includes(until)) child.kill('SIGTERM')
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code: code ?? -1, text }
}
