/** A quick part of `npm run test:clients`: both lines of the SDK's client call every tool, through the edge on workerd. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { TOOLS } from '../../origin/tools/registry.ts'
import { CALLS } from '../clients/every-tool/calls.ts'
import { callEveryTool } from '../clients/every-tool/run.ts'
import { type Stack, startStack } from '../clients/stack.ts'

let stack: Stack
beforeAll(async () => {
  stack = await startStack('standin')
})
afterAll(() => stack?.close())

it('every tool has its call', () =>
  expect(CALLS.map(({ tool }) => tool).toSorted()).toEqual(TOOLS.map(({ name }) => name).toSorted()))

it.each(['2', '1'] as const)('with the SDK line %s', async (sdk) => {
  const report = await callEveryTool({ url: stack.url, key: stack.key, sdk, table: `clients_quick_${sdk}` })
  expect(report.failures).toEqual([])
  expect(Object.keys(report.answers)).toHaveLength(TOOLS.length)
  expect(report.refusal).toMatch(/schema/i)
})
