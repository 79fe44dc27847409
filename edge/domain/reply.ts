/** What goes back to the client, in the form that its route and protocol revision ask for. */
import { answerJson } from './answer-json.ts'
import { type Answer, encode, type Failure, frameAnswer, frameFailure } from './framing.ts'
import type { ToolCall } from './json-rpc.ts'

export interface Reply {
  readonly status: number
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

export interface ReplyForm {
  answer(answer: Answer): Reply
  /** @param status What the origin gave the failure. */
  failure(failure: Failure, status: number): Reply
}

/** `POST /mcp`: a tool's failure is a result, so HTTP says 200. */
export function mcpForm(call: Pick<ToolCall, 'id' | 'era'>, accept: string | null): ReplyForm {
  const reply = (json: string): Reply => {
    const { body, type } = encode(json, accept)
    return { status: 200, body, headers: { 'content-type': type } }
  }
  return {
    answer: (answer) => reply(frameAnswer(call, answer)),
    failure: (failure) => reply(JSON.stringify(frameFailure(call, failure))),
  }
}

const JSON_TYPE = { 'content-type': 'application/json' }

/** `POST /execute`: the plain form, as the origin gives it. */
export const plainForm: ReplyForm = {
  answer(answer) {
    const { result, text } = answerJson(answer)
    return { status: 200, body: `{"success":true,"result":${result},"text":${text}}`, headers: JSON_TYPE }
  },
  failure: ({ error, text }, status) => ({
    status,
    body: JSON.stringify({ success: false, error, text }),
    headers: {
      ...JSON_TYPE,
      ...(error.retry_after_seconds === undefined ? {} : { 'retry-after': String(error.retry_after_seconds) }),
    },
  }),
}
