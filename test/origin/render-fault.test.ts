import { expect, it } from 'vitest'
import { renderFault } from '../../origin/render-fault.ts'
import { FAULTS, type FaultCode, fault, faultReply } from '../../shared/fault.ts'

const AMBIGUOUS = fault('AMBIGUOUS_NAME', '"府中市" fits 2 codes.', {
  candidates: [{ code: '13206', name: '東京都 府中市', axis: 'area' }],
})

it('says code, message, hint and candidates, and in Japanese a sentence for the reader first', () => {
  const reply = faultReply(AMBIGUOUS, 'lookup')
  const { hint } = FAULTS.AMBIGUOUS_NAME
  const candidate = '- 13206 東京都 府中市 (area)'
  expect(renderFault(reply, 'E').split('\n')).toEqual([
    'AMBIGUOUS_NAME: "府中市" fits 2 codes.',
    hint,
    'Candidates:',
    candidate,
  ])
  expect(renderFault(reply, 'J').split('\n')).toEqual([
    'AMBIGUOUS_NAME: 名前が複数のコードに当てはまります。候補のコードで指定してください。',
    '"府中市" fits 2 codes.',
    hint,
    '候補：',
    candidate,
  ])
})

it.each(Object.keys(FAULTS) as FaultCode[])('%s has a whole sentence for readers', (code) => {
  const [first = ''] = renderFault(faultReply(fault(code, 'm'), null), 'J').split('\n')
  expect(first.slice(0, code.length + 2)).toBe(`${code}: `)
  expect(first).toMatch(/[\u3040-\u30ff].*。$/)
})
