/** A line to a server of others that fails on demand, with the faults of our own wire servers. */
import { type IncomingMessage, request as ask } from 'node:http'
import { type Answer, answer, type FaultPlan, faultPlan } from '../support/wire-aws/faults.ts'
import { wireServer, type WireServer } from '../support/wire-aws/server.ts'

export interface FaultyLine extends WireServer, Pick<FaultPlan, 'plan' | 'heal'> {
  /** The first byte of the next body that goes up is another when it arrives. */
  damageNextUpload(): void
}

/** @param server `http://host:port`; it sees the host and the signature that the client sent. */
export async function faultyLine(server: string): Promise<FaultyLine> {
  const faults = faultPlan()
  let damaged = false
  const line = await wireServer((request, body, response) => {
    const { method = '', url = '' } = request
    if (damaged && body.length > 0) {
      damaged = false
      body[0] = (body[0] ?? 0) ^ 1
    }
    const fault = faults.take(method, `${method} ${decodeURI(url)}`)
    const refusal = (status: number): Answer => ({ status })
    return answer({ request, response, fault, refusal, act: () => passOn(server, request, body) })
  })
  return {
    ...line,
    plan: (...planned) => faults.plan(...planned),
    heal: () => faults.heal(),
    damageNextUpload() {
      damaged = true
    },
  }
}

/** Of one connection, and settled between client and line already. */
const HOP = new Set(['connection', 'keep-alive', 'transfer-encoding', 'expect'])

function passOn(server: string, { method, url, headers }: IncomingMessage, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const end = Object.entries(headers).filter(([name]) => !HOP.has(name))
    const onward = ask(
      new URL(server),
      { method, path: url, headers: Object.fromEntries(end), agent: false },
      (answered) => {
        const chunks: Buffer[] = []
        answered.on('data', (chunk: Buffer) => void chunks.push(chunk))
        answered.once('error', reject)
        answered.once('end', () => {
          const kept = Object.entries(answered.headers).filter(([name]) => !HOP.has(name))
          const said = Object.fromEntries(kept.map(([name, value]) => [name, String(value)]))
          resolve({ status: answered.statusCode ?? 500, headers: said, body: Buffer.concat(chunks) })
        })
      },
    )
    onward.once('error', reject)
    onward.end(body)
  })
}
