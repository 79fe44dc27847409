/**
 * Every way this service can fail, in one table (PRODUCT.md section 2, "Errors").
 *
 * Code throws `fault(...)` where the failure is understood. Two borders turn one into a reply
 * (`origin/mcp.ts` with its HTTP twin in `origin/app.ts`, and `edge/app.ts`); nothing between catches.
 */
export const FAULTS = {
  INVALID_PARAMETER: { status: 400, retry: false, hint: 'Correct the argument named above and call again.' },
  UNAUTHORIZED: { status: 401, retry: false, hint: 'Send a valid key as "X-API-Key" or "Authorization: Bearer".' },
  FORBIDDEN: { status: 403, retry: false, hint: 'Ask the operator for a key with the scope named above.' },
  NOT_FOUND: { status: 404, retry: false, hint: 'Find a valid id with search_estat_data.' },
  NO_DATA: { status: 404, retry: false, hint: 'Check the codes with describe_dataset and widen the filters.' },
  AMBIGUOUS_NAME: { status: 409, retry: false, hint: 'Call again with one of the codes listed in candidates.' },
  TOO_LARGE: {
    status: 413,
    retry: false,
    hint: 'Add filters so that fewer rows match; describe_dataset lists the codes.',
  },
  QUERY_REJECTED: { status: 422, retry: false, hint: 'Write one SELECT over the tables of your lake.' },
  RATE_LIMITED: { status: 429, retry: true, hint: 'Wait for the time given, then call again.' },
  CANCELLED: { status: 499, retry: true, hint: 'The call was cancelled by its caller. Call again to start over.' },
  INTERNAL_ERROR: { status: 500, retry: false, hint: 'The fault is on our side. Report it with the request id.' },
  DATA_TRANSFORM_ERROR: {
    status: 500,
    retry: false,
    hint: 'Fetch the data again with fetch_dataset_auto, then repeat the step.',
  },
  ESTAT_API_ERROR: { status: 502, retry: false, hint: 'Correct the request as the message says.' },
  AWS_SERVICE_ERROR: { status: 502, retry: true, hint: 'Call again in a minute; if it stays, ask the operator.' },
  ESTAT_UNAVAILABLE: { status: 503, retry: true, hint: 'e-Stat did not answer. Call again in a minute.' },
  TIMEOUT_ERROR: { status: 504, retry: true, hint: 'Narrow the request with filters, or call again.' },
} as const satisfies Record<string, { status: number; retry: boolean; hint: string }>

export type FaultCode = keyof typeof FAULTS

/** One of several things a name may mean; `code` is what to send instead. */
export interface Candidate {
  readonly code: string
  readonly name: string
  readonly axis?: string
}

export interface FaultDetail {
  /** What to do next; the code's own hint where absent. */
  readonly hint?: string
  readonly candidates?: readonly Candidate[]
  /** Whole seconds, 1 or more. */
  readonly retryAfterSeconds?: number
  readonly cause?: unknown
}

export class Fault extends Error {
  override readonly name = 'Fault'
  readonly code: FaultCode
  readonly hint: string
  readonly candidates: readonly Candidate[]
  readonly retryAfterSeconds: number | null

  /** @param message Shown to the model. Our own words only: never upstream text, never a URL, a path or a key. */
  constructor(code: FaultCode, message: string, detail: FaultDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause })
    this.code = code
    this.hint = detail.hint ?? FAULTS[code].hint
    this.candidates = detail.candidates ?? []
    this.retryAfterSeconds = detail.retryAfterSeconds ?? null
  }
}

/** Shorthand for `throw fault(...)`. */
export const fault = (code: FaultCode, message: string, detail?: FaultDetail): Fault => new Fault(code, message, detail)

/** The error envelope of every border. */
export interface FaultReply {
  readonly success: false
  readonly error: {
    readonly code: FaultCode
    readonly message: string
    readonly tool: string | null
    readonly hint: string
    readonly retry_after_seconds?: number
    readonly candidates?: readonly Candidate[]
  }
}

/**
 * The reply for any thrown value. An unknown error's own message never leaves the process:
 * it may carry a key, a path or upstream text.
 */
export function faultReply(error: unknown, tool: string | null): FaultReply {
  const known =
    error instanceof Fault ? error : new Fault('INTERNAL_ERROR', 'The server failed in a way it did not expect.')
  return {
    success: false,
    error: {
      code: known.code,
      message: known.message,
      tool,
      hint: known.hint,
      ...(known.retryAfterSeconds === null ? {} : { retry_after_seconds: known.retryAfterSeconds }),
      ...(known.candidates.length === 0 ? {} : { candidates: known.candidates }),
    },
  }
}

/** The HTTP status that goes with a thrown value. */
export const faultStatus = (error: unknown): number =>
  FAULTS[error instanceof Fault ? error.code : 'INTERNAL_ERROR'].status
