/** `/openapi.json` held to the specification, and to what the origin really answers. */
import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { fileLinks } from '../../origin/adapters/file-links.ts'
import { EXAMPLES } from '../../origin/openapi/examples.ts'
import { openApiDocument } from '../../origin/openapi/document.ts'
import { inputSchemaOf } from '../../origin/tool-schemas.ts'
import { TOOLS } from '../../origin/tools/registry.ts'
import { newSigningKey } from '../platform/workerd.ts'
import { openOrigin, type TestOrigin } from './support/origin.ts'

interface Content {
  readonly content?: Readonly<
    Record<string, { readonly schema: z.core.JSONSchema.JSONSchema; readonly example?: object }>
  >
}
interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly description?: string
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly example?: string }[]
  readonly requestBody?: Content
  readonly responses: Readonly<Record<string, Content & { readonly $ref?: string }>>
}
interface Document {
  readonly servers: readonly { readonly url: string }[]
  readonly security: readonly object[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: { readonly Error: z.core.JSONSchema.JSONSchema } }
}

let origin: TestOrigin
let text: string
let document: Document
beforeAll(async () => {
  const links = fileLinks({ signingKey: await newSigningKey(), publicUrl: null, newId: () => crypto.randomUUID() })
  origin = await openOrigin({ ports: { links } })
  text = await (await ask('GET', '/openapi.json')).text()
  document = JSON.parse(text) as Document
})
afterAll(() => origin.close())

const ask = (method: string, path: string, body?: object, headers: Readonly<Record<string, string>> = {}) =>
  origin.fetch(
    new Request(`http://origin${path}`, {
      method,
      headers: { 'x-api-key': origin.adminKey, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  )

const operations = (): readonly (readonly [method: string, path: string, operation: Operation])[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [method.toUpperCase(), path, operation] as const),
  )

/** Refuses what the schema does, in its own words. */
const holds = (schema: z.core.JSONSchema.JSONSchema, value: unknown): void => void z.fromJSONSchema(schema).parse(value)

describe('the document', () => {
  it('is OpenAPI 3.1 by its own schema, every reference found', async () => {
    const validator = new Validator()
    const { valid, errors } = await validator.validate(JSON.parse(text) as Record<string, unknown>)
    expect([valid, errors, validator.version]).toEqual([true, undefined, '3.1'])
    const references = new Set([...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, to]) => String(to)))
    for (const reference of references) {
      const found = reference
        .replace('#/', '')
        .split('/')
        .reduce<unknown>((at, name) => (at as Record<string, unknown>)?.[name], document)
      expect(found, reference).toBeDefined()
    }
  })

  it('has an operation for each tool, with its own input schema and an example that the schema takes', () => {
    for (const tool of TOOLS) {
      const body = document.paths[`/tools/${tool.name}`]?.['post']?.requestBody?.content?.['application/json']
      expect(body?.schema, tool.name).toEqual(inputSchemaOf(tool))
      expect(body?.example, tool.name).toEqual(EXAMPLES[tool.name])
      expect(tool.input.safeParse(body?.example).error, tool.name).toBeUndefined()
    }
    expect(Object.keys(EXAMPLES).toSorted()).toEqual(TOOLS.map(({ name }) => name).toSorted())
  })

  it('names each operation once, in a form that importers take', () => {
    const all = operations().map(([, , operation]) => operation)
    expect(new Set(all.map(({ operationId }) => operationId)).size).toBe(all.length)
    for (const { operationId, summary, description = '' } of all) {
      expect(operationId).toMatch(/^[a-z][a-z0-9_]{0,63}$/)
      expect(summary, operationId).toBeTruthy()
      expect(description.length, operationId).toBeLessThanOrEqual(300)
    }
    // GPT actions take 30 operations.
    expect(all.length).toBeLessThanOrEqual(30)
  })

  it('shows a reader no operation that it may not use', () => {
    const { paths } = openApiDocument(TOOLS, { id: 'k', tenant: 'estat', scopes: ['read'] })
    const shown = Object.keys(paths).filter((path) => path.startsWith('/tools/'))
    const readable = TOOLS.filter(({ scope }) => scope === 'read').map(({ name }) => `/tools/${name}`)
    expect(shown).toEqual(readable)
  })

  it('is asked again by its tag, and names the server it was asked at', async () => {
    const first = await ask('GET', '/openapi.json')
    const etag = first.headers.get('etag') ?? ''
    expect([first.headers.get('cache-control'), etag]).toEqual([
      'private, max-age=300',
      expect.stringMatching(/^".+"$/),
    ])
    const again = await ask('GET', '/openapi.json', undefined, { 'if-none-match': etag })
    expect([again.status, await again.text()]).toEqual([304, ''])
    expect(document.servers).toEqual([{ url: 'http://origin' }])
    expect((await origin.fetch(new Request('http://origin/openapi.json'))).status).toBe(401)
  })
})

/** A job of long ago; a file of somebody else's; and the sample has no files of the data catalogue. */
const REFUSED: Readonly<Record<string, string>> = {
  cancel_job: 'NOT_FOUND',
  load_to_iceberg: 'NOT_FOUND',
  search_files: 'NO_DATA',
}

it('is answered as it says where an example names what is not there', async () => {
  for (const [tool, code] of Object.entries(REFUSED)) {
    const response = await ask('POST', `/tools/${tool}`, EXAMPLES[tool])
    const failed = (await response.json()) as { error: { code: string } }
    holds(document.components.schemas.Error, failed)
    expect([tool, response.status, failed.error.code]).toEqual([tool, 404, code])
  }
})

it('is answered as it says: every other example, in order', async () => {
  let parquet: unknown
  // Its file is one that the example before it wrote; and there is nothing to compare until a table was loaded twice.
  const known = (operationId: string): object | undefined =>
    operationId === 'load_to_iceberg' ? { table_name: 'population', s3_parquet_path: parquet } : undefined
  const all = operations().filter(([, , { operationId }]) => known(operationId) || !(operationId in REFUSED))
  const load = all.filter(([, , { operationId }]) => operationId === 'load_to_iceberg')
  const ingested = all.findIndex(([, , { operationId }]) => operationId === 'ingest_dataset') + 1
  for (const [method, path, { operationId, requestBody, parameters = [], responses }] of all.toSpliced(
    ingested,
    0,
    ...load,
  )) {
    const query = parameters.filter((one) => one.in === 'query' && one.example !== undefined)
    const at = new URL(path.replace('{key}', 'estat/csv/population.csv'), 'http://origin')
    for (const { name, example = '' } of query) at.searchParams.set(name, example)
    const example = known(operationId) ?? requestBody?.content?.['application/json']?.example
    const response = await ask(method, at.pathname + at.search, example)
    const said = await response.text()
    expect([operationId, response.status, response.ok ? '' : said]).toEqual([operationId, 200, ''])
    const schema = responses['200']?.content?.['application/json']?.schema
    if (schema === undefined) continue
    const answer = JSON.parse(said) as { result?: Record<string, unknown> }
    holds(schema, answer)
    parquet = answer.result?.['s3_parquet_path'] ?? parquet
  }
})

describe('POST /tools/<name>', () => {
  it('answers as POST /execute does', async () => {
    const args = { dataset_id: '0003410379' }
    const byName = await ask('POST', '/tools/get_estat_table_url', args)
    const executed = await ask('POST', '/execute', { tool_name: 'get_estat_table_url', arguments: args })
    expect(await byName.json()).toEqual(await executed.json())
  })

  it('takes no body for no arguments, and refuses what is no object', async () => {
    expect((await ask('POST', '/tools/get_job')).status).toBe(200)
    for (const body of ['[]', 'null', '1', '{', 'x']) {
      const request = new Request('http://origin/tools/get_job', {
        method: 'POST',
        headers: { 'x-api-key': origin.adminKey },
        body,
      })
      const refused = await origin.fetch(request)
      expect([body, refused.status, await refused.text()]).toEqual([body, 400, expect.stringContaining('JSON object')])
    }
  })

  it('says of an unknown tool which there are, and of a wrong argument which are right', async () => {
    const unknown = await ask('POST', '/tools/no_such_tool', {})
    expect([unknown.status, await unknown.text()]).toEqual([404, expect.stringContaining('search_estat_data')])
    const wrong = await ask('POST', '/tools/get_estat_table_url', { id: '1' })
    const failed: unknown = await wrong.json()
    holds(document.components.schemas.Error, failed)
    expect([wrong.status, JSON.stringify(failed)]).toEqual([400, expect.stringContaining('dataset_id')])
  })
})
