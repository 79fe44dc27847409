/** The key over whole calls of every cacheable tool: equal meaning, equal key; different meaning, different key. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cacheKey, partitionOf, PUBLIC } from '../../../edge/domain/cache-key.ts'
import { planCall } from '../../../edge/domain/call-plan.ts'
import { canonicalJson } from '../../../edge/domain/canonical-json.ts'
import { ToolManifest } from '../../../edge/domain/tools.ts'
import { CACHEABLE } from '../../../shared/cacheable/index.ts'
import { MODERN_REVISION } from '../../../shared/server-info.ts'
import manifest from '../../../shared/tool-manifest.json' with { type: 'json' }
import { DIFFERENT, GENERATED, SAME } from '../../shared/cacheable/calls.ts'

const tools = { manifest: ToolManifest.parse(manifest), cacheables: CACHEABLE }
const NAMES = Object.keys(CACHEABLE)
const JSON_TYPE = { 'content-type': 'application/json' }

/** The ways in which one call comes. Ids, tokens and `_meta` are no part of what it asks for. */
const WAYS: readonly ((name: string, args: unknown, noise: string) => Parameters<typeof planCall>[0])[] = [
  (tool_name, args) => ({
    path: '/execute',
    json: { tool_name, arguments: args },
    headers: new Headers(JSON_TYPE),
    scopes: ['read'],
  }),
  (name, args, noise) => ({
    path: '/mcp',
    json: {
      jsonrpc: '2.0',
      id: noise,
      method: 'tools/call',
      params: { name, arguments: args, _meta: { progressToken: noise } },
    },
    headers: new Headers({
      ...JSON_TYPE,
      'mcp-protocol-version': '2025-06-18',
      authorization: `Bearer ${noise.length}`,
    }),
    scopes: ['read'],
  }),
  (name, args, noise) => ({
    path: '/mcp',
    json: {
      jsonrpc: '2.0',
      id: noise.length,
      method: 'tools/call',
      params: {
        name,
        arguments: args,
        _meta: {
          'io.modelcontextprotocol/protocolVersion': MODERN_REVISION,
          'io.modelcontextprotocol/clientCapabilities': { noise: {} },
        },
      },
    },
    headers: new Headers({
      ...JSON_TYPE,
      'mcp-protocol-version': MODERN_REVISION,
      'mcp-method': 'tools/call',
      'mcp-name': name,
    }),
    scopes: ['read'],
  }),
]

interface Place {
  readonly way?: number
  readonly noise?: string
  readonly partition?: string
  readonly generation?: string
}

/** Null where the edge passes the call on. */
async function keyOf(name: string, args: unknown, place: Place = {}): Promise<string | null> {
  const { way = 0, noise = '1', partition = PUBLIC, generation = '1' } = place
  const plan = WAYS[way]?.(name, args, noise)
  const planned = plan && planCall(plan, tools)
  return planned ? cacheKey({ ...planned, partition, generation }) : null
}

/** What the arguments mean, apart from the key. */
function meaning(name: string, args: unknown): string | null {
  const planned = planCall(
    { path: '/execute', json: { tool_name: name, arguments: args }, headers: new Headers(), scopes: ['read'] },
    tools,
  )
  return planned && canonicalJson(planned.args)
}

const RUNS = { numRuns: 60 }
const name = fc.constantFrom(...NAMES)
const call = name.chain((tool) => (GENERATED[tool] ?? fc.constant({})).map((args) => ({ tool, args })))

describe('the key of a call', () => {
  it('knows how to make calls of every cacheable tool', () => {
    expect(Object.keys(GENERATED).toSorted()).toEqual(NAMES.toSorted())
  })

  it('is one for whatever way, id, token and order of arguments it comes by', () =>
    fc.assert(
      fc.asyncProperty(call, fc.string(), fc.nat(WAYS.length - 1), async ({ tool, args }, noise, way) => {
        const turned = Object.fromEntries(Object.entries(args).toReversed())
        expect(await keyOf(tool, turned, { way, noise })).toBe(await keyOf(tool, args))
      }),
      RUNS,
    ))

  it('is one for two calls exactly where they mean the same', () =>
    fc.assert(
      fc.asyncProperty(
        name.chain((tool) =>
          fc.tuple(fc.constant(tool), GENERATED[tool] ?? fc.constant({}), GENERATED[tool] ?? fc.constant({})),
        ),
        async ([tool, one, other]) => {
          const [left, right] = [await keyOf(tool, one), await keyOf(tool, other)]
          fc.pre(left !== null && right !== null)
          expect(left === right).toBe(meaning(tool, one) === meaning(tool, other))
        },
      ),
      RUNS,
    ))

  it.each(SAME)('of %s is one, whatever %s', async (tool, _what, one, other) => {
    const key = await keyOf(tool, one)
    expect(key).not.toBeNull()
    expect(await keyOf(tool, other)).toBe(key)
  })

  it.each(Object.entries(DIFFERENT))('of %s differs with every meaning', async (tool, calls) => {
    const keys = await Promise.all(calls.map((args) => keyOf(tool, args)))
    expect(new Set(keys).size).toBe(calls.length)
  })

  it('differs with the language', () =>
    fc.assert(
      fc.asyncProperty(call, async ({ tool, args }) => {
        const [japanese, english] = [
          await keyOf(tool, { ...args, lang: 'J' }),
          await keyOf(tool, { ...args, lang: 'E' }),
        ]
        fc.pre(japanese !== null)
        expect(english).not.toBe(japanese)
      }),
      RUNS,
    ))

  it('differs with the tenant, from tenant to tenant and from what is public', () =>
    fc.assert(
      fc.asyncProperty(call, fc.string(), fc.string(), async ({ tool, args }, one, other) => {
        const places = [PUBLIC, partitionOf('tenant', one), partitionOf('tenant', other)]
        const keys = await Promise.all(places.map((partition) => keyOf(tool, args, { partition })))
        fc.pre(keys[0] !== null)
        expect(new Set(keys).size).toBe(one === other ? 2 : 3)
      }),
      RUNS,
    ))

  it('differs with tool, version, generation and partition, however they are named', () => {
    const part = fc.string({ unit: fc.constantFrom('a', 'b', ':', '@', '.', '%'), maxLength: 6 })
    const generation = fc.string({ unit: fc.constantFrom('a', 'b', '.', '-', '1'), minLength: 1, maxLength: 6 })
    const keyed = fc.record({
      tool: fc.constantFrom(...NAMES),
      version: fc.integer({ min: 1, max: 12 }),
      args: fc.constantFrom({ query: 'a' }, { query: 'b' }),
      partition: part.map((tenant) => partitionOf('tenant', tenant)),
      generation,
    })
    return fc.assert(
      fc.asyncProperty(keyed, keyed, async (one, other) => {
        expect((await cacheKey(one)) === (await cacheKey(other))).toBe(canonicalJson(one) === canonicalJson(other))
      }),
      { numRuns: 200 },
    )
  })
})
