/** The operations of the OpenAPI document: one for each tool, and the routes that are no tool. */
import { hasScope } from '../../shared/scope.ts'
import type { Caller } from '../../shared/server-info.ts'
import { inputSchemaOf, outputSchemaOf } from '../tool-schemas.ts'
import type { AnyTool } from '../tools/define-tool.ts'
import { EXAMPLES } from './examples.ts'
import { FAILURES, json, object, TEXT } from './parts.ts'

/** What importers take as the description of an operation at the most (GPT actions), characters. */
const MAX_DESCRIPTION = 300

/** Whole sentences from the beginning, as many as fit. */
function inShort(text: string): string {
  const sentences = text.match(/.*?[.。](?=\s|$)/gsu) ?? [text]
  let short = ''
  for (const sentence of sentences) {
    if (short.length + sentence.length > MAX_DESCRIPTION) break
    short += sentence
  }
  return short.trim() || text.slice(0, MAX_DESCRIPTION)
}

const answered = (description: string, schema: object): object => ({ description, content: json(schema) })
const done = (result: object): object => object({ success: { const: true }, result, text: TEXT })

/** `POST /tools/<name>`: the arguments are the body. */
export function toolOperation(tool: AnyTool, caller: Caller): object {
  const annotations = (hasScope(caller, 'lake') && tool.lakeAnnotations) || tool.annotations
  return {
    operationId: tool.name,
    summary: tool.title,
    description: inShort(tool.description),
    tags: [tool.scope],
    // GPT actions ask a person before each POST that does not say otherwise.
    'x-openai-isConsequential': !annotations.readOnlyHint,
    requestBody: { required: true, content: json(inputSchemaOf(tool), EXAMPLES[tool.name] ?? {}) },
    responses: { '200': answered('The result, and the same as text.', done(outputSchemaOf(tool))), ...FAILURES },
  }
}

/** `GET /search`: the arguments of `search_estat_data` in the query. */
export function searchOperation(tool: AnyTool): object {
  const { properties = {}, required = [] } = inputSchemaOf(tool) as {
    readonly properties?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
    readonly required?: readonly string[]
  }
  const parameters = Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name: name === 'query' ? 'q' : name,
    in: 'query',
    description,
    required: required.includes(name),
    schema,
    ...(name === 'query' ? { example: EXAMPLES[tool.name]?.['query'] } : {}),
  }))
  return {
    operationId: 'search',
    summary: tool.title,
    description: 'The same as search_estat_data, in a form that HTTP caches understand.',
    tags: ['read'],
    parameters,
    responses: {
      '200': answered('The result, and the same as text.', done(outputSchemaOf(tool))),
      '304': { description: 'The answer that the ETag in If-None-Match stands for.' },
      ...FAILURES,
    },
  }
}

/** `POST /execute`, as the system before had it: any tool by its name. */
export const executeOperation = (tools: readonly AnyTool[]): object => {
  const [first] = tools
  const body = object({ tool_name: { type: 'string', enum: tools.map(({ name }) => name) }, arguments: {} }, [
    'arguments',
  ])
  const { name = '' } = first ?? {}
  return {
    operationId: 'execute',
    summary: '名前でツールを呼ぶ · Any tool by its name',
    description: 'The arguments and the result are those of POST /tools/<tool_name>.',
    tags: ['read'],
    'x-openai-isConsequential': true,
    requestBody: { required: true, content: json(body, { tool_name: name, arguments: EXAMPLES[name] ?? {} }) },
    responses: { '200': answered('The result, and the same as text.', done({ type: 'object' })), ...FAILURES },
  }
}

const listed = object({
  name: TEXT,
  title: TEXT,
  description: TEXT,
  scope: TEXT,
  parameters: { type: 'object', description: 'A JSON Schema (2020-12).' },
})

export const listOperation: object = {
  operationId: 'list_tools',
  summary: 'ツールの一覧 · The tools',
  tags: ['read'],
  responses: {
    '200': answered(
      'The tools of this caller.',
      object({ success: { const: true }, tools: { type: 'array', items: listed } }),
    ),
    ...FAILURES,
  },
}

export const healthOperation: object = {
  operationId: 'health',
  summary: '稼働状況 · Health',
  tags: ['open'],
  security: [],
  responses: {
    '200': answered(
      'It answers; `degraded` says that not everything works.',
      object({
        status: { enum: ['healthy', 'degraded'] },
        timestamp: { type: 'string', format: 'date-time' },
        version: TEXT,
      }),
    ),
    '503': answered('It cannot answer.', object({ status: { const: 'unhealthy' }, timestamp: TEXT })),
  },
}

export const welcomeOperation: object = {
  operationId: 'welcome',
  summary: 'サービスの案内 · The service and its endpoints',
  tags: ['open'],
  security: [],
  responses: {
    '200': answered(
      'Name, version, endpoints.',
      object({ service: TEXT, version: TEXT, endpoints: { type: 'object' } }),
    ),
  },
}

export const fileOperation: object = {
  operationId: 'get_file',
  summary: '保存したファイル · A kept file',
  description: 'CSV or Parquet that an earlier call kept, with ranges and conditions. A signed link needs no key.',
  tags: ['lake'],
  parameters: [
    {
      name: 'key',
      in: 'path',
      required: true,
      description: 'What follows the bucket in an s3_path. Its slashes stay as they are.',
      schema: TEXT,
      example: 'estat/csv/population.csv',
    },
  ],
  responses: {
    '200': {
      description: 'The file.',
      content: { 'text/csv': { schema: TEXT }, 'application/vnd.apache.parquet': {} },
    },
    ...FAILURES,
  },
}
