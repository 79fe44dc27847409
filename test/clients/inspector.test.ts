/** The MCP Inspector in CLI mode, in every era it can be told to speak, through the edge on workerd with a key. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TOOLS } from '../../origin/tools/registry.ts'
import { installed } from './judges.ts'
import { type Home, openHome, type Ran } from './run-program.ts'
import { type Stack, startStack } from './stack.ts'

let stack: Stack
let home: Home
let launcher: string
beforeAll(async () => {
  launcher = join(await installed('@modelcontextprotocol/inspector'), LAUNCHER)
  home = await openHome()
  stack = await startStack('sample')
})
afterAll(async () => {
  await stack?.close()
  await home?.close()
})
const LAUNCHER = '@modelcontextprotocol/inspector/clients/launcher/build/index.js'

function inspector(...args: readonly string[]): Promise<Ran> {
  const header = ['--header', `Authorization: Bearer ${stack.key}`]
  const fixed = ['--cli', `${stack.url}/mcp`, '--transport', 'http', ...header, '--format', 'json', '-q']
  return home.run([process.execPath, launcher, ...fixed, ...args])
}

describe.each(['legacy', 'modern', 'auto'])('in the era "%s"', (era) => {
  const ask = async <T>(method: string, ...args: readonly string[]): Promise<T> => {
    const { code, out, err } = await inspector('--protocol-era', era, '--method', method, ...args)
    expect([code, err]).toEqual([0, ''])
    return (JSON.parse(out) as { result: T }).result
  }

  it('lists every tool, and finds no error in their schemas', async () => {
    const { code, out } = await inspector('--protocol-era', era, '--method', 'tools/list', '--strict')
    // 6: a schema that some client or model cannot take.
    expect(code).toBe(0)
    const { result, schemaFindings = [] } = JSON.parse(out) as Listed
    expect(result.tools.map(({ name }) => name)).toEqual(TOOLS.map(({ name }) => name))
    expect(schemaFindings.flatMap(({ findings }) => findings).filter((finding) => !isBareMember(finding))).toEqual([])
  })

  it('calls tools', async () => {
    const args = ['--tool-args-json', JSON.stringify({ kind: 'area', find: '府中市' })]
    const { structuredContent, content } = await ask<Called>('tools/call', '--tool-name', 'lookup', ...args)
    expect(structuredContent.matches.map(({ code }) => code)).toEqual(['13206', '34208'])
    expect(content[0]?.text).toContain('13206 | 東京都 府中市')
  })

  it('reads resources', async () => {
    const { resources } = await ask<{ resources: readonly { uri: string }[] }>('resources/list')
    const { resourceTemplates } = await ask<{ resourceTemplates: readonly { uriTemplate: string }[] }>(
      'resources/templates/list',
    )
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toContain('estat://dataset/{id}')
    expect(resources.length).toBeGreaterThan(0)
    for (const uri of [...resources.map((resource) => resource.uri), 'estat://dataset/0003410379']) {
      const { contents } = await ask<{ contents: readonly { text: string }[] }>('resources/read', '--uri', uri)
      expect(contents[0]?.text.length).toBeGreaterThan(100)
    }
  })

  it('gets prompts', async () => {
    const { prompts } = await ask<{ prompts: readonly { name: string }[] }>('prompts/list')
    expect(prompts.map(({ name }) => name)).toContain('region_profile')
    const asked = ['--prompt-name', 'region_profile', '--prompt-args', 'area=横浜市']
    const { messages } = await ask<{ messages: readonly { content: { text: string } }[] }>('prompts/get', ...asked)
    expect(messages[0]?.content.text).toContain('横浜市')
  })

  it('is served under load without an error', async () => {
    const args = ['--tool-name', 'lookup', '--tool-args-json', JSON.stringify({ kind: 'area', find: '横浜市' })]
    const load = ['--load', '--load-requests', '60', '--load-concurrency', '8']
    const { code, out } = await inspector('--protocol-era', era, '--method', 'tools/call', ...args, ...load)
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ result: { requests: 60, ok: 60, toolErrors: 0, errors: 0 } })
  })

  it('shows a wrong call with its hint, and ends as it promises', async () => {
    const asked = ['--method', 'tools/call', '--tool-name', 'lookup', '--tool-args-json', '{"kind":"area"}']
    const { code, out } = await inspector('--protocol-era', era, ...asked)
    expect([code, out]).toEqual([5, expect.stringContaining('Correct find and call lookup again.')])
  })
})

interface Called {
  readonly content: readonly { readonly text: string }[]
  readonly structuredContent: { readonly matches: readonly { readonly code: string }[] }
}

interface Finding {
  readonly rule: string
  readonly severity: string
  readonly schema: string
}
interface Listed {
  readonly result: { readonly tools: readonly { readonly name: string }[] }
  readonly schemaFindings?: readonly { readonly findings: readonly Finding[] }[]
}

/** The list of tools is kept short: members of an answer are shown by name, those that hold others by type. */
const isBareMember = ({ rule, severity, schema }: Finding): boolean =>
  rule === 'untyped-schema' && severity === 'warning' && schema === 'outputSchema'
