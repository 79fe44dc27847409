/** An outcome as a response, in the format that the path names. */
import { httpStatusOf, NOT_AUTHENTICATED, type Outcome, resultElement } from './outcome.ts'
import type { Operation } from './operations/operation.ts'
import { type DataFormat, parameterElement, type Parameters } from './parameters.ts'
import { branch, type Element } from './tree.ts'
import { writeJson } from './write-json.ts'
import { writeXml } from './write-xml.ts'

export type Format = 'json' | 'jsonp' | 'xml' | 'csv'

/** As recorded; CSV is served as plain text (reference/estat-api.md, section 1). */
const TYPES: Readonly<Record<Format, string>> = {
  json: 'application/json;charset=utf-8',
  // Not on record: what a script element takes.
  jsonp: 'text/javascript;charset=utf-8',
  xml: 'text/xml;charset=utf-8',
  csv: 'text/plain;charset=utf-8',
}

/** A name or a path of names: nothing else may stand before the bracket of a script that others run. */
export const isCallback = (name: string | undefined): boolean =>
  name !== undefined && name.length <= 100 && /^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*$/.test(name)

/** @param sent With a `callback` where the format is JSONP. @param now Milliseconds since the epoch. */
export function reply(operation: Operation, format: Format, outcome: Outcome, sent: Parameters, now: number): Response {
  const result = resultElement(outcome, now)
  const { name, schema } = outcome.root ?? { name: operation.root, schema: operation.schema }
  const withParameters = (letter: DataFormat): Element =>
    branch(name, [result, parametersOf(operation, outcome, sent, letter), ...outcome.body])
  const text =
    format === 'csv'
      ? (operation.simple?.write(branch(name, [result, ...outcome.body]), sent) ?? '')
      : format === 'xml'
        ? writeXml(withParameters('X'), schema)
        : format === 'jsonp'
          ? `${sent.get('callback')}(${writeJson(withParameters('J'))});`
          : writeJson(withParameters('J'))
  return new Response(text, {
    status: httpStatusOf(outcome.status),
    headers: { 'content-type': TYPES[format], 'access-control-allow-origin': '*' },
  })
}

/** Recorded errors of authentication echo no START_POSITION. */
function parametersOf(operation: Operation, outcome: Outcome, sent: Parameters, format: DataFormat): Element {
  const { echo } = operation
  if (operation.parameters && outcome !== NOT_AUTHENTICATED) return operation.parameters(sent, format)
  const echoed =
    outcome === NOT_AUTHENTICATED
      ? echo.filter((member) => !('name' in member) || member.name !== 'START_POSITION')
      : echo
  return parameterElement(sent, echoed, format)
}
