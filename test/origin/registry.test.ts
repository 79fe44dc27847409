/** Rules that hold for every tool, so that no tool's own test repeats them. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { estimateTokens } from '../../origin/tools/budget.ts'
import { TOOLS } from '../../origin/tools/registry.ts'
import { CACHEABLE } from '../../shared/cacheable/index.ts'
import { staleMark } from '../../shared/stale.ts'
import manifest from '../../shared/tool-manifest.json' with { type: 'json' }

const folder = new URL('../../origin/tools/', import.meta.url)
const files = readdirSync(folder)

interface Schema {
  readonly description?: string
  readonly properties?: Readonly<Record<string, Schema>>
}

describe.each(TOOLS.map((tool) => [tool.name, tool] as const))('%s', (name, tool) => {
  const input = z.toJSONSchema(tool.input, { io: 'input' }) as Schema
  const output = z.toJSONSchema(tool.output) as Schema & { type?: string }

  it('has its public interface on file', async () => {
    const { title, description, annotations, lakeAnnotations, scope, version, weight, cache } = tool
    const shown = {
      name,
      title,
      description,
      version,
      scope,
      weight,
      cache,
      annotations,
      lakeAnnotations,
      input,
      output,
    }
    await expect(`${JSON.stringify(shown, null, 2)}\n`).toMatchFileSnapshot(`../snapshots/tools/${name}.json`)
  })

  it('is named in snake_case, after its file', () => {
    expect(name).toMatch(/^[a-z]+(_[a-z0-9]+)*$/)
    expect(files).toContain(`${name.replaceAll('_', '-')}.ts`)
  })

  it('describes every argument', () => {
    for (const [argument, schema] of Object.entries(input.properties ?? {}))
      expect(schema.description, argument).toBeTruthy()
  })

  it('says in English and in one Japanese line when to use it', () => {
    expect(tool.description).toMatch(/^[\x20-\x7e]/)
    expect(tool.description).toMatch(/[ぁ-ん一-龠].*。$/)
    expect(tool.title).toMatch(/[ぁ-んァ-ヶ一-龠].* · [A-Z]/)
  })

  it('fits a client’s budget', () => {
    expect(tool.description.length).toBeLessThan(1024)
    expect(estimateTokens(JSON.stringify(input))).toBeLessThan(1500)
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

it('shows the edge the same tools', () => {
  expect(manifest.tools).toEqual(
    TOOLS.map(({ name, version, scope, weight, cache }) => ({ name, version, scope, weight, cache })),
  )
})

it('registers every tool file, each name once', () => {
  const helpers = new Set(TOOLS.map(({ name }) => `${name.replaceAll('_', '-')}.ts`))
  expect(helpers.size).toBe(TOOLS.length)
  const named = files.filter((file) => readFileSync(new URL(file, folder), 'utf8').includes(' = defineTool({'))
  expect(named.toSorted()).toEqual([...helpers].toSorted())
})
