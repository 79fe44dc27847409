/** One client that calls every tool, wherever it runs. What it answers is plain JSON. */
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { CfWorkerJsonSchemaValidator } from '@modelcontextprotocol/client/validators/cf-worker'
import { StreamableHTTPClientTransport as TransportOne } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { type Connected, modernClient, olderClient } from '../../../infra/scripts/tour/clients.ts'
import { type Session, sessionOf } from '../../../infra/scripts/tour/session.ts'
import { CALLS } from './calls.ts'

export interface RunOptions {
  /** The edge without a trailing slash. */
  readonly url: string
  readonly key: string
  readonly sdk: '1' | '2'
  /** Of the lake table that this run fills. */
  readonly table: string
  /** `portable`: where code cannot be made from text, as in workerd, the 1.x line's own validator cannot work. */
  readonly validator?: 'own' | 'portable'
}

export interface Report {
  readonly about: string
  readonly tools: readonly string[]
  /** What each tool answered. */
  readonly answers: Readonly<Record<string, unknown>>
  /** What an answer lacked, a line each. */
  readonly failures: readonly string[]
  /** What the client says of an answer that its tool's output schema does not allow; null where it took it. */
  readonly refusal: string | null
}

export async function callEveryTool(options: RunOptions): Promise<Report> {
  const wire = { spoilt: false }
  const connected = await connect(options, wire)
  const session = sessionOf(connected, true, { cache: null })
  try {
    const tools = await session.toolNames()
    const { answers, failures } = await callAll(session, options.table)
    wire.spoilt = true
    return { about: connected.about, tools, answers, failures, refusal: await refusalOf(session) }
  } finally {
    await session.close()
  }
}

async function callAll(session: Session, table: string): Promise<Pick<Report, 'answers' | 'failures'>> {
  const soFar: Record<string, Record<string, unknown>> = {}
  const failures: string[] = []
  for (const { tool, args, holds } of CALLS) {
    try {
      const { isError, result, text } = await session.call(tool, { ...args(soFar, table) }, () => {})
      soFar[tool] = result
      if (isError) failures.push(`${tool}: ${text}`)
      else
        for (const [fact, held] of Object.entries(holds(result)))
          if (!held) failures.push(`${tool}: not "${fact}" in ${JSON.stringify(result).slice(0, 300)}`)
    } catch (error) {
      failures.push(`${tool}: ${String(error)}`)
    }
  }
  return { answers: soFar, failures }
}

async function refusalOf(session: Session): Promise<string | null> {
  try {
    await session.call('lookup', { kind: 'area', find: '横浜市' }, () => {})
    return null
  } catch (error) {
    return String(error)
  }
}

function connect({ url, key, sdk, validator }: RunOptions, wire: { readonly spoilt: boolean }): Promise<Connected> {
  const endpoint = new URL(`${url}/mcp`)
  const options = {
    requestInit: { headers: { authorization: `Bearer ${key}` } },
    fetch: async (input: string | URL, init?: RequestInit): Promise<Response> => {
      const response = await fetch(input, init)
      return wire.spoilt ? spoil(response) : response
    },
  }
  if (sdk === '2') return modernClient(new StreamableHTTPClientTransport(endpoint, options))
  return olderClient(
    new TransportOne(endpoint, options),
    validator === 'portable' ? { jsonSchemaValidator: new CfWorkerJsonSchemaValidator() } : {},
  )
}

/** The same answer with a number where its tool promises a list. */
async function spoil(response: Response): Promise<Response> {
  const { status, headers } = response
  const text = (await response.text()).replace('"matches":[', '"matches":7,"before":[')
  const kept = new Headers(headers)
  for (const name of ['content-length', 'content-encoding']) kept.delete(name)
  return new Response(text === '' ? null : text, { status, headers: kept })
}
