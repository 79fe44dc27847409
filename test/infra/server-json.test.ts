/**
 * `server.json` against what the MCP registry asks of a remote server (its schema 2025-12-11, ServerDetail, and its page
 * "Publishing Remote Servers"), as far as this listing goes: strict, so that a misspelt field fails.
 */
import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import * as z from 'zod'
import { listing } from '../../infra/scripts/docs/listing.ts'
import { SERVER_INFO } from '../../shared/server-info.ts'

const Input = z.strictObject({
  description: z.string().optional(),
  isRequired: z.boolean().optional(),
  isSecret: z.boolean().optional(),
  placeholder: z.string().optional(),
  default: z.string().optional(),
  choices: z.array(z.string()).optional(),
  value: z.string().optional(),
})
const Variables = z.record(z.string(), Input)
const Remote = z.strictObject({
  type: z.literal('streamable-http'),
  url: z.string().regex(/^https:\/\/\S+$/),
  variables: Variables.optional(),
  headers: z.array(Input.extend({ name: z.string(), variables: Variables.optional() })).optional(),
})
const ServerDetail = z.strictObject({
  $schema: z.literal('https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json'),
  name: z.string().regex(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/),
  title: z.string().max(100),
  description: z.string().max(100),
  // No range: the registry refuses it.
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  remotes: z.array(Remote).min(1),
})

const text = await readFile(new URL('../../server.json', import.meta.url), 'utf8')
const detail = ServerDetail.parse(JSON.parse(text))
const namesIn = (template = ''): readonly string[] =>
  Array.from(template.matchAll(/\{([^}]+)\}/g), ([, name]) => name ?? '')

it('tells the server as it tells itself', () => {
  expect([detail.title, detail.version]).toEqual([SERVER_INFO.title, SERVER_INFO.version])
  expect(listing(text, SERVER_INFO)).toBe(text)
  expect(JSON.parse(listing(text, { title: 'T', version: '9.9.9' }))).toMatchObject({ title: 'T', version: '9.9.9' })
})

it.each(detail.remotes)(
  '$url: every variable is explained, and nothing secret is written',
  ({ url, variables, headers }) => {
    expect(namesIn(url).toSorted()).toEqual(Object.keys(variables ?? {}).toSorted())
    for (const header of headers ?? []) {
      expect(namesIn(header.value).toSorted()).toEqual(Object.keys(header.variables ?? {}).toSorted())
      expect([header.name, header.isSecret]).toEqual([header.name, true])
      expect(header.value ?? '{}').toMatch(/\{.*\}/)
    }
  },
)
