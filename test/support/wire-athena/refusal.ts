/** An error of the service, as JSON 1.1 has it. */
import type { Answer } from '../wire-aws/faults.ts'

export class WireRefusal extends Error {
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

export const jsonAnswer = (status: number, body: object): Answer => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.1' },
  body: JSON.stringify(body),
})

export const refusal = (status: number, code: string, message = code): Answer =>
  jsonAnswer(status, { __type: code, message, Message: message })
