/** What resources, prompts and completion throw, as clients see it. */
import { ProtocolError } from '@modelcontextprotocol/server'
import { expect, it } from 'vitest'
import { withProtocolErrors } from '../../origin/protocol-error.ts'
import { fault, FAULTS, type FaultCode } from '../../shared/fault.ts'

const SECRET = 'appId=0123456789abcdef at /srv/origin/main.ts'

async function failing(error: unknown, appId: string | null = null) {
  const reported: unknown[] = []
  const border = { report: (one: unknown, where: string) => void reported.push([one, where]), appId, millis: 1_000 }
  const asked = { where: 'resources/read estat://x', about: { uri: 'estat://x' } }
  const thrown: unknown = await withProtocolErrors(border, asked, () => {
    throw error
  }).catch((one: unknown) => one)
  if (!(thrown instanceof ProtocolError)) throw new Error('no protocol error')
  return { thrown, reported }
}

it('gives back what worked', async () => {
  const border = { report: () => {}, appId: null, millis: 1_000 }
  expect(await withProtocolErrors(border, { where: '', about: {} }, async () => 7)).toBe(7)
})

it('does not wait for what never ends', async () => {
  const border = { report: () => {}, appId: null, millis: -1_990 }
  const never = withProtocolErrors(border, { where: '', about: {} }, () => new Promise<void>(() => {}))
  await expect(never).rejects.toMatchObject({ code: -32_000, data: { code: 'TIMEOUT_ERROR' } })
})

it('never lets an unknown error’s own words out, and reports it', async () => {
  const error = new Error(SECRET)
  const { thrown, reported } = await failing(error)
  expect(thrown.code).toBe(-32_603)
  expect(thrown.data).toEqual({ uri: 'estat://x', code: 'INTERNAL_ERROR', hint: FAULTS.INTERNAL_ERROR.hint })
  expect(`${thrown.message} ${JSON.stringify(thrown.data)}`).not.toContain('0123456789abcdef')
  expect(reported).toEqual([[error, 'resources/read estat://x']])
})

it('carries candidates, the time to wait, and the hint in the message too', async () => {
  const candidates = [{ code: '13206', name: '東京都 府中市' }]
  const { thrown, reported } = await failing(fault('AMBIGUOUS_NAME', 'Which?', { hint: 'Say.', candidates }))
  expect([thrown.code, thrown.message]).toEqual([-32_602, 'Which? Say.'])
  expect(thrown.data).toEqual({ uri: 'estat://x', code: 'AMBIGUOUS_NAME', hint: 'Say.', candidates })
  expect(reported).toEqual([])
  const busy = await failing(fault('ESTAT_UNAVAILABLE', 'Busy.', { retryAfterSeconds: 7 }))
  expect(busy.thrown.data).toMatchObject({ code: 'ESTAT_UNAVAILABLE', retry_after_seconds: 7 })
})

it('tells what was named wrongly from what may pass and from what is our fault', async () => {
  const codes = Object.keys(FAULTS) as FaultCode[]
  const told = await Promise.all(
    codes.map(async (code) => [code, (await failing(fault(code, 'm'))).thrown.code] as const),
  )
  const of = (number: number) => told.filter(([, code]) => code === number).map(([code]) => code)
  expect(of(-32_602)).toEqual([
    'INVALID_PARAMETER',
    'NOT_FOUND',
    'NO_DATA',
    'AMBIGUOUS_NAME',
    'TOO_LARGE',
    'QUERY_REJECTED',
  ])
  expect(of(-32_603)).toEqual(['INTERNAL_ERROR', 'DATA_TRANSFORM_ERROR', 'ESTAT_API_ERROR'])
  expect(of(-32_602).length + of(-32_603).length + of(-32_000).length).toBe(codes.length)
})
