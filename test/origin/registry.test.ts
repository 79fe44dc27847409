/** Rules that hold for every tool, so that no tool's own test repeats them. */
import { readdirSync, readFileSync } from 'node:fs'
import { getEncoding } from 'js-tiktoken'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { TOOLS } from '../../origin/tools/registry.ts'
import { shownInput, shownOutput } from '../../origin/tools/shown-schema.ts'
import { CACHEABLE } from '../../shared/cacheable/index.ts'
import { staleMark } from '../../shared/stale.ts'
import manifest from '../../shared/tool-manifest.json' with { type: 'json' }

const folder = new URL('../../origin/tools/', import.meta.url)
const files = readdirSync(folder)

interface Schema {
  readonly description?: string
  readonly properties?: Readonly<Record<string, Schema>>
}

const encoding = getEncoding('o200k_base')
const tokens = (text: string): number => encoding.encode(text).length

describe.each(TOOLS.map((tool) => [tool.name, tool] as const))('%s', (name, tool) => {
  const input = z.toJSONSchema(tool.input, { io: 'input' }) as Schema
  const output = z.toJSONSchema(tool.output) as Schema & { type?: string }

  it('has its public interface on file', async () => {
    const { title, description, annotations, lakeAnnotations, scope, toolsets, version, weight, cache } = tool
    const shown = {
      name,
      title,
      description,
      version,
      scope,
      toolsets,
      weight,
      cache,
      annotations,
      lakeAnnotations,
      shown: { input: shownInput(tool.input), output: shownOutput(tool.output) },
      input,
      output,
    }
    await expect(`${JSON.stringify(shown, null, 2)}\n`).toMatchFileSnapshot(`../snapshots/tools/${name}.json`)
  })

  it('is named in snake_case, after its file', () => {
    expect(name).toMatch(/^[a-z]+(_[a-z0-9]+)*$/)
    expect(files).toContain(`${name.replaceAll('_', '-')}.ts`)
  })

  it('describes every argument, with an example where its choices are none', () => {
    const described = Object.entries(input.properties ?? {}).map(([argument, schema]) => ({ argument, ...schema }))
    for (const { argument, description } of described) expect(description, argument).toMatch(/\w.*\.$/)
    const isChoice = (schema: object): boolean => 'enum' in schema || 'default' in schema
    const others = described.filter((schema) => !isChoice(schema) && schema.argument !== 'cursor')
    for (const { argument, description } of others) expect(description, argument).toMatch(/\b[Ee]\.g\. /)
  })

  it('says in English and in one Japanese line when to use it', () => {
    expect(tool.description).toMatch(/^[\x20-\x7e]/)
    expect(tool.description).toMatch(/[ぁ-ん一-龠].*。$/)
    expect(tool.title).toMatch(/[ぁ-んァ-ヶ一-龠].* · [A-Z]/)
  })

  it('tells when to use it in few words, and names another tool for another purpose', () => {
    expect(tokens(tool.description)).toBeLessThan(90)
    const others = TOOLS.filter((other) => other.name !== name && tool.description.includes(other.name))
    expect(others.length).toBeGreaterThan(0)
  })

  it('answers an object that says success', () => {
    expect(output.type).toBe('object')
    expect(Object.keys(output.properties ?? {})).toContain('success')
  })

  it('does not say that it only reads where it needs the scope lake to write', () => {
    const { readOnlyHint, destructiveHint } = tool.annotations
    expect([readOnlyHint || tool.scope !== 'read', destructiveHint]).toEqual([true, false])
  })
})

describe('tools whose answers the edge may keep', () => {
  const cached = TOOLS.filter(({ cache }) => cache !== null)

  it('are those whose arguments it can read, by one definition', () => {
    expect(cached.map(({ name }) => name).toSorted()).toEqual(Object.keys(CACHEABLE).toSorted())
    for (const { name, input } of cached) expect(CACHEABLE[name]?.input, name).toBe(input)
  })

  it('only read, and allow the mark of an old answer', () => {
    for (const { name, scope, output } of cached) {
      expect([name, scope, Object.keys(output.shape).includes('stale')]).toEqual([name, 'read', true])
      expect(output.shape['stale'], name).toBe(staleMark)
    }
  })

  it('may be served for no longer than they are held', () => {
    for (const { name, cache } of cached) {
      expect(cache?.ttl, name).toBeGreaterThan(0)
      expect(cache?.swr, name).toBeLessThanOrEqual(cache?.sie ?? 0)
    }
  })

  it('alone have validators and conditions', () => {
    const others = TOOLS.filter(({ cache }) => cache === null)
    const having = ['mayKeep', 'validator', 'isValidated']
    expect(others.flatMap((tool) => having.filter((member) => member in tool).map(() => tool.name))).toEqual([])
  })
})

it('links to what they made only in answers that no cache keeps', () => {
  const linking = TOOLS.filter((tool) => tool.made !== undefined)
  expect(linking.length).toBeGreaterThan(0)
  expect(linking.filter(({ cache, scope }) => cache !== null || scope === 'read').map(({ name }) => name)).toEqual([])
})

it('shows the edge the same tools', () => {
  expect(manifest.tools).toEqual(
    TOOLS.map(({ name, version, scope, toolsets, weight, cache }) => ({
      name,
      version,
      scope,
      toolsets,
      weight,
      cache,
    })),
  )
})

it('registers every tool file, each name once', () => {
  const helpers = new Set(TOOLS.map(({ name }) => `${name.replaceAll('_', '-')}.ts`))
  expect(helpers.size).toBe(TOOLS.length)
  const named = files.filter((file) => readFileSync(new URL(file, folder), 'utf8').includes(' = defineTool({'))
  expect(named.toSorted()).toEqual([...helpers].toSorted())
})
