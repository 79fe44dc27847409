import { expect, it } from 'vitest'
import { renderFault } from '../../origin/render-fault.ts'
import { FAULTS, type FaultCode, fault, faultReply } from '../../shared/fault.ts'

const AMBIGUOUS = fault('AMBIGUOUS_NAME', '"府中市" fits 2 codes.', {
  candidates: [{ code: '13206', name: '東京都 府中市', axis: 'area' }],
})

it('says code, message, hint and candidates, and in Japanese a sentence for the reader last', () => {
  const reply = faultReply(AMBIGUOUS, 'lookup')
  const english = [
    'AMBIGUOUS_NAME: "府中市" fits 2 codes.',
    FAULTS.AMBIGUOUS_NAME.hint,
    'Candidates:',
    '- 13206 東京都 府中市 (area)',
  ]
  expect(renderFault(reply, 'E').split('\n')).toEqual(english)
  expect(renderFault(reply, 'J').split('\n')).toEqual([
    ...english,
    '名前が複数のコードに当てはまります。候補のコードで指定してください。',
  ])
})

it.each(Object.keys(FAULTS) as FaultCode[])('%s has a whole sentence for readers', (code) => {
  const text =
    renderFault(faultReply(fault(code, 'm'), null), 'J')
      .split('\n')
      .at(-1) ?? ''
  expect(text).toMatch(/[\u3040-\u30ff].*。$/)
})
