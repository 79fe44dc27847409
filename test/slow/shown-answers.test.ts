/**
 * Real answers against what is shown of them: the SDK's client, which has read the list, validates each by the shown
 * schema; the full one judges it here, with no member that it does not know.
 */
import { generateKeyPair, exportJWK } from 'jose'
import { fileLinks } from '../../origin/adapters/file-links.ts'
import { statsCatalogHttp } from '../../origin/adapters/stats-catalog-http.ts'
import { generatedFiles } from '../../origin/standin/generate/files.ts'
import { createStandin } from '../../origin/standin/standin.ts'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, expect, it } from 'vitest'
import * as z from 'zod'
import { TOOLS } from '../../origin/tools/registry.ts'
import { CALLS } from '../clients/every-tool/calls.ts'
import { openOrigin, type TestOrigin } from '../origin/support/origin.ts'

let origin: TestOrigin
let client: Client
let shown: ReadonlyMap<string, object>
const answers: Record<string, Record<string, unknown>> = {}

beforeAll(async () => {
  // The bundled sample has no files, and an origin without a key makes no links.
  const { privateKey } = await generateKeyPair('EdDSA', { extractable: true })
  const signingKey = await exportJWK(privateKey)
  const files = generatedFiles({ seed: 3, tables: 60 })
  const send = createStandin({ tables: [], files, accepts: ['local'], now: Date.now })
  origin = await openOrigin({
    ports: {
      links: fileLinks({ signingKey, publicUrl: 'https://edge.example', newId: () => 'link-00001' }),
      files: statsCatalogHttp({ send, appId: 'local', now: Date.now, random: () => 0 }),
    },
  })
  const through: typeof fetch = (input, init) => origin.fetch(new Request(input, init))
  const requestInit = { headers: { 'x-api-key': origin.adminKey } }
  client = new Client({ name: 'shown', version: '0' }, { versionNegotiation: { mode: 'auto' } })
  await client.connect(new StreamableHTTPClientTransport(new URL('http://origin/mcp'), { fetch: through, requestInit }))
  const { tools } = await client.listTools()
  shown = new Map(tools.map(({ name, outputSchema }) => [name, outputSchema?.properties ?? {}]))
})
afterAll(async () => {
  await client?.close()
  await origin?.close()
})

it('calls every tool', () =>
  expect(CALLS.map(({ tool }) => tool).toSorted()).toEqual(TOOLS.map(({ name }) => name).toSorted()))

it.each(CALLS.map((call) => [call.tool, call] as const))('%s', async (name, { args }) => {
  const reply = await client.callTool({ name, arguments: { ...args(answers, 'clients_shown') } })
  expect(reply.isError, JSON.stringify(reply.content)).not.toBe(true)
  const answer = reply.structuredContent as Record<string, unknown>
  answers[name] = answer
  const { output } = TOOLS.find((tool) => tool.name === name) ?? { output: z.never() }
  expect(output.parse(answer)).toEqual(answer)
  // What is shown is there, in every answer; `success` alone is not shown.
  const members = Object.keys(shown.get(name) ?? {})
  expect(Object.keys(answer)).toEqual(expect.arrayContaining([...members, 'success']))
  expect(members.length).toBeGreaterThan(0)
})
