/** The protocol "AWS JSON 1.1": one path, the operation in `X-Amz-Target`, errors by `__type`. */
import { type Answer, answer, type FaultPlan, faultPlan } from './faults.ts'
import { wireServer, type WireServer } from './server.ts'
import { AuthError, sha256, type SigningRules, verifySigV4 } from './sigv4.ts'

/** An error of the service; the client makes an exception of that name of it. */
export class JsonError extends Error {
  readonly status: number
  readonly code: string

  constructor(code: string, message: string, status = 400) {
    super(message)
    this.code = code
    this.status = status
  }
}

type Json = Readonly<Record<string, unknown>>

export interface JsonService extends SigningRules {
  /** Before the dot in `X-Amz-Target`: "AWSGlue". */
  readonly target: string
  readonly operations: Readonly<Record<string, (input: Json) => Json | Promise<Json>>>
  readonly port?: number
}

export interface JsonServer extends WireServer, Pick<FaultPlan, 'plan' | 'heal'> {
  /** Names of the operations asked for, in order, refused ones too. */
  readonly requests: readonly string[]
}

const refusal = (status: number, code: string, message = code): Answer => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': 'wire' },
  body: JSON.stringify({ __type: code, Message: message }),
})

export async function jsonServer(service: JsonService): Promise<JsonServer> {
  const faults = faultPlan()
  const requests: string[] = []
  const server = await wireServer((request, raw, response) => {
    const { method = '', url = '', headers } = request
    const [prefix, operation = ''] = String(headers['x-amz-target']).split('.')
    requests.push(operation)
    const act = async (): Promise<Answer> => {
      try {
        const { payload } = verifySigV4({ method, url, headers }, service)
        // Services other than S3 take the hash of the body whether or not a header tells it.
        if (payload !== '' && payload !== sha256(raw)) throw new AuthError(403, 'InvalidSignatureException')
        const run = prefix === service.target ? service.operations[operation] : undefined
        if (run === undefined) throw new JsonError('UnknownOperationException', operation)
        const output = await run(JSON.parse(raw.toString()) as Json)
        return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(output) }
      } catch (error) {
        if (error instanceof AuthError) return refusal(error.status, jsonAuthCode(error.code))
        if (error instanceof JsonError) return refusal(error.status, error.code, error.message)
        throw error
      }
    }
    return answer({ request, response, act, refusal, fault: faults.take(operation, raw.toString()) })
  }, service.port)
  return { ...server, requests, plan: (...planned) => faults.plan(...planned), heal: () => faults.heal() }
}

/** S3 names what is wrong with a signature otherwise than the JSON services do. */
const jsonAuthCode = (code: string): string =>
  ({
    SignatureDoesNotMatch: 'InvalidSignatureException',
    InvalidAccessKeyId: 'UnrecognizedClientException',
    RequestTimeTooSkewed: 'InvalidSignatureException',
  })[code] ?? code
