/** The prompts of one request's server. Schemas are made once, at start. */
import { completable, type McpServer, type StandardSchemaWithJSON } from '@modelcontextprotocol/server'
import * as z from 'zod'
import { parseArguments } from '../../shared/arguments.ts'
import { hasScope } from '../../shared/scope.ts'
import type { Caller } from '../../shared/server-info.ts'
import { langOf } from '../lang-of.ts'
import { passThrough } from '../pass-through.ts'
import type { Ports } from '../ports.ts'
import { type ProtocolBorder, withProtocolErrors } from '../protocol-error.ts'
import type { CallLimits } from '../tools/define-tool.ts'
import { comparePrefectures } from './compare-prefectures.ts'
import type { AnyPrompt, Completer } from './define-prompt.ts'
import { lakeTable } from './lake-table.ts'
import { regionProfile } from './region-profile.ts'
import { timeSeries } from './time-series.ts'

/** In the order that clients list them. */
export const PROMPTS: readonly AnyPrompt[] = [regionProfile, comparePrefectures, timeSeries, lakeTable]

const FACES = PROMPTS.map((prompt) => [prompt, passThrough(z.toJSONSchema(prompt.input, { io: 'input' }))] as const)

export interface PromptOptions {
  readonly ports: Ports
  readonly limits: CallLimits
  readonly report: ProtocolBorder['report']
}

interface Sender {
  readonly caller: Caller
  readonly appId: string | null
}

/** Only what the caller's scope allows. */
export function registerPrompts(
  server: McpServer,
  { ports, limits, report }: PromptOptions,
  { caller, appId }: Sender,
): void {
  const border = { report, appId, millis: limits.millis }
  const context = { caller, ports }
  for (const [prompt, face] of FACES) {
    if (!hasScope(caller, prompt.scope)) continue
    const { name, title, description, input } = prompt
    const completed = (complete: Completer) =>
      completable({ ...ANYTHING }, (typed: unknown, asked) =>
        withProtocolErrors(border, { where: `completion/complete ${name}`, about: {} }, async () => {
          const words = await complete(String(typed), { ...context, lang: langOf(asked?.arguments) })
          return words.slice()
        }),
      )
    const shape = Object.fromEntries(
      Object.entries(prompt.complete).flatMap(([argument, complete]) =>
        complete === undefined ? [] : [[argument, completed(complete)]],
      ),
    )
    // The SDK reads the completers off `shape`, as a zod object has it, and everything else off `~standard`.
    const argsSchema: StandardSchemaWithJSON & { readonly shape: typeof shape } = { ...face, shape }
    server.registerPrompt(name, { title, description, argsSchema }, (args) =>
      withProtocolErrors(border, { where: `prompts/get ${name}`, about: { prompt: name } }, () => {
        const text = prompt.message(parseArguments({ name, input }, args), context)
        return { messages: [{ role: 'user' as const, content: { type: 'text' as const, text } }] }
      }),
    )
  }
}

/** What a completer is tied to; nothing else of it is ever read. */
const ANYTHING = passThrough({})
