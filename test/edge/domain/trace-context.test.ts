import { describe, expect, it } from 'vitest'
import { nextHop } from '../../../edge/domain/trace-context.ts'

describe('nextHop (W3C Trace Context)', () => {
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736'
  const hop = (headers: Record<string, string>) => nextHop(new Headers(headers), 'b'.repeat(16), 'c'.repeat(32))

  it('goes on with a valid trace', () => {
    expect(hop({ traceparent: `00-${trace}-00f067aa0ba902b7-01`, tracestate: 'rojo=1' })).toEqual({
      traceparent: `00-${trace}-${'b'.repeat(16)}-01`,
      tracestate: 'rojo=1',
    })
  })

  it.each([
    ['nothing', {}],
    ['an all-zero trace', { traceparent: `00-${'0'.repeat(32)}-00f067aa0ba902b7-01` }],
    ['an all-zero parent', { traceparent: `00-${trace}-${'0'.repeat(16)}-01` }],
    ['version ff', { traceparent: `ff-${trace}-00f067aa0ba902b7-01` }],
    ['capitals', { traceparent: `00-${trace.toUpperCase()}-00f067aa0ba902b7-01` }],
  ])('starts a new trace for %s, and drops the state', (_name, headers) => {
    expect(hop({ tracestate: 'rojo=1', ...headers })).toEqual({
      traceparent: `00-${'c'.repeat(32)}-${'b'.repeat(16)}-00`,
      tracestate: null,
    })
  })
})
