import { describe, expect, it } from 'vitest'
import { failed, outcomeOf, readFlown } from '../../../edge/domain/flown.ts'
import { Fault, fault } from '../../../shared/fault.ts'

const travelled = (flown: unknown) => readFlown(JSON.parse(JSON.stringify(flown)))

describe('how a flight ended', () => {
  it('travels whole', () => {
    const outcome = {
      ok: true,
      answer: { result: { n: null }, text: '答え' },
      storable: false,
      validator: 'W/"1"',
    } as const
    const flown = travelled({ outcome })
    expect(flown && outcomeOf(flown)).toEqual(outcome)
  })

  it('is thrown again where it was a failure, in our words alone', () => {
    const flown = travelled(failed(fault('TIMEOUT_ERROR', 'late', { hint: 'again', retryAfterSeconds: 3 })))
    expect(() => flown && outcomeOf(flown)).toThrow(Fault)
    expect(() => flown && outcomeOf(flown)).toThrow('late')
    const secret = JSON.stringify(failed(new Error('http://10.0.0.1/?appId=secret')))
    expect(secret).toContain('INTERNAL_ERROR')
    expect(secret).not.toContain('secret')
  })

  it.each([
    null,
    1,
    'x',
    [],
    {},
    { outcome: null },
    { outcome: {} },
    { fault: {} },
    { fault: { code: 'NEW', message: 'm', hint: 'h' } },
  ])('is not read from %j', (written) => expect(readFlown(written)).toBeNull())
})
