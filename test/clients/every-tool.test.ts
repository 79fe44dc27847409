/** Both lines of the SDK's client call every tool of the registry through the edge on workerd, on each runtime they have. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TOOLS } from '../../origin/tools/registry.ts'
import { CALLS } from './every-tool/calls.ts'
import type { Report, RunOptions } from './every-tool/run.ts'
import { RUNTIMES, type Runtime } from './every-tool/runtimes.ts'
import { type Stack, startStack } from './stack.ts'

const NAMES = TOOLS.map(({ name }) => name)

let stack: Stack
const runtimes = new Map<string, Runtime>()
beforeAll(async () => {
  stack = await startStack('standin')
  for (const [name, start] of Object.entries(RUNTIMES)) runtimes.set(name, await start())
})
afterAll(async () => {
  for (const runtime of runtimes.values()) await runtime.close()
  await stack?.close()
})

it('every tool has its call', () => expect(CALLS.map(({ tool }) => tool).toSorted()).toEqual(NAMES.toSorted()))

const misfits = ({ answers }: Report): readonly string[] =>
  TOOLS.flatMap(({ name, output }) => {
    const { success, error } = output.safeParse(answers[name])
    return success ? [] : [`${name}: ${error.message}`]
  })

describe.each(Object.keys(RUNTIMES))('a client on %s', (name) => {
  it.each([
    ['2', '@modelcontextprotocol/client, 2026-07-28'],
    ['1', '@modelcontextprotocol/sdk 1.x, 2025-11-25'],
  ] as const)('of the SDK line %s', async (sdk, about) => {
    const options: RunOptions = { url: stack.url, key: stack.key, sdk, table: `clients_${name.toLowerCase()}_${sdk}` }
    const report = (await runtimes.get(name)?.run(options)) as Report
    expect(report.failures).toEqual([])
    expect(report.about).toBe(about)
    expect(report.tools).toEqual(NAMES)
    // What the client took does fit the schemas that it was shown, for it refuses what does not ...
    expect(report.refusal).toMatch(/schema/i)
    // ... and the whole ones, which are too long to show.
    expect(misfits(report)).toEqual([])
  })
})
