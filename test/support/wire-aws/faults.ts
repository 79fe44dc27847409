/** Failures on demand, as the network and the services make them. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

export type WireFault =
  /** Refused before anything is done: an answer with this status and code. */
  | { readonly kind: 'refuse'; readonly status: number; readonly code: string }
  /** The connection ends before anything is done. */
  | { readonly kind: 'reset' }
  /** It is done, and the answer never comes: the connection ends. */
  | { readonly kind: 'lose-answer' }
  /** It is done, and nothing is said, until the client gives up. */
  | { readonly kind: 'say-nothing' }
  /** It is done, its answer is lost, and so is every request from now on, until `heal()`. */
  | { readonly kind: 'go-silent' }
  /** It is done, but only after this many milliseconds: the client has given up by then. */
  | { readonly kind: 'do-late'; readonly ms: number }
  /** The answer's body breaks off after this many bytes. */
  | { readonly kind: 'cut'; readonly bytes: number }
  /** The first byte of the answer's body is another. */
  | { readonly kind: 'damage' }

export interface PlannedFault {
  /** "PUT", or for JSON services the operation: "UpdateTable". */
  readonly on: string
  /** Part of the path (S3) or of the body (JSON); absent: any. */
  readonly containing?: string
  /** How many requests it befalls; 1 where absent. */
  readonly times?: number
  readonly fault: WireFault
}

export interface FaultPlan {
  plan(...faults: readonly PlannedFault[]): void
  /** Everything works again. */
  heal(): void
  /** The fault of this request, which counts as used. */
  take(on: string, text: string): WireFault | null
}

export function faultPlan(): FaultPlan {
  let planned: { fault: PlannedFault; left: number }[] = []
  let silent = false
  return {
    plan: (...faults) => void planned.push(...faults.map((fault) => ({ fault, left: fault.times ?? 1 }))),
    heal() {
      planned = []
      silent = false
    },
    take(on, text) {
      if (silent) return { kind: 'reset' }
      const found = planned.find(
        ({ fault, left }) =>
          left > 0 && fault.on === on && (fault.containing === undefined || text.includes(fault.containing)),
      )
      if (found === undefined) return null
      found.left -= 1
      silent = found.fault.fault.kind === 'go-silent'
      return found.fault.fault
    },
  }
}

/** What a service would answer. */
export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly fault: WireFault | null
  /** Does what was asked; never throws. */
  readonly act: () => Answer | Promise<Answer>
  /** An error of this service. */
  readonly refusal: (status: number, code: string) => Answer
}

/** Carries out one request under its fault. */
export async function answer({ request, response, fault, act, refusal }: Exchange): Promise<void> {
  if (fault?.kind === 'refuse') return send(request, response, refusal(fault.status, fault.code))
  if (fault?.kind === 'reset') return void request.socket.destroy()
  if (fault?.kind === 'do-late') await sleep(fault.ms)
  const { status, headers = {}, body = '' } = await act()
  if (fault?.kind === 'lose-answer' || fault?.kind === 'go-silent') return void request.socket.destroy()
  if (fault?.kind === 'say-nothing') return
  const bytes = Buffer.from(body)
  if (fault?.kind === 'damage') bytes[0] = (bytes[0] ?? 0) ^ 1
  if (fault?.kind !== 'cut') return send(request, response, { status, headers, body: bytes })
  response.writeHead(status, { ...headers, 'content-length': bytes.length })
  response.write(bytes.subarray(0, fault.bytes), () => response.destroy())
}

function send(request: IncomingMessage, response: ServerResponse, { status, headers = {}, body = '' }: Answer): void {
  const bytes = Buffer.from(body)
  const length = request.method === 'HEAD' ? {} : { 'content-length': String(bytes.length) }
  response.writeHead(status, { ...length, ...headers })
  response.end(request.method === 'HEAD' || status === 204 || status === 304 ? undefined : bytes)
}
