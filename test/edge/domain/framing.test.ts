import { expect, it } from 'vitest'
import { frameRefusal } from '../../../edge/domain/framing.ts'
import { MAX_BATCH } from '../../../edge/domain/json-rpc.ts'
import { fault } from '../../../shared/fault.ts'

const REFUSED = fault('FORBIDDEN', 'No.')
const batch = (count: number) =>
  Array.from({ length: count }, (_member, id) => ({ jsonrpc: '2.0', id, method: 'ping' }))

it('answers each call of a known caller, and never more than a batch may hold', () => {
  expect(frameRefusal({ id: 7 }, REFUSED, true)).toMatchObject({ id: 7, error: { code: -32000 } })
  expect(frameRefusal(batch(MAX_BATCH), REFUSED, true)).toHaveLength(MAX_BATCH)
  expect(frameRefusal(batch(MAX_BATCH + 1), REFUSED, true)).toMatchObject({ id: null })
  expect(frameRefusal([{ method: 'notifications/x' }], REFUSED, true)).toMatchObject({ id: null })
})

it('answers an unknown caller once', () => {
  expect(frameRefusal({ id: 7 }, REFUSED, false)).toMatchObject({ id: 7 })
  expect(frameRefusal(batch(2), REFUSED, false)).toMatchObject({ id: null })
})
