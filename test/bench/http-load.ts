/** Requests from many keys, over connections that stay open, by autocannon. */
import autocannon from 'autocannon'

export interface LoadOptions {
  readonly url: string
  readonly path: string
  readonly body: string
  /** Headers of each caller; requests go through them in turn. */
  readonly callers: readonly Readonly<Record<string, string>>[]
  readonly connections: number
  readonly seconds: number
}

export interface LoadFigures {
  /** Answers a second, mean over the run. */
  readonly rate: number
  /** Milliseconds. */
  readonly p50: number
  readonly p99: number
  readonly answered: number
}

/** @throws Error where any answer was not 2xx: a refusal is cheaper than an answer. */
export async function load({ url, path, body, callers, connections, seconds }: LoadOptions): Promise<LoadFigures> {
  const requests = callers.map((headers) => ({
    method: 'POST' as const,
    path,
    body,
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
  }))
  let client = 0
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    requests,
    // Each connection begins with another caller.
    setupClient(one) {
      const from = Math.floor((client++ * requests.length) / connections)
      one.setRequests([...requests.slice(from), ...requests.slice(0, from)])
    },
  })
  const { non2xx, errors, timeouts } = result
  if (non2xx + errors + timeouts > 0)
    throw new Error(`${url}: ${non2xx} answers were not 2xx, ${errors} errors, ${timeouts} timeouts`)
  return {
    rate: result.requests.average,
    p50: result.latency.p50,
    p99: result.latency.p99,
    answered: result.requests.total,
  }
}

export const median = (values: readonly number[]): number =>
  values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN
