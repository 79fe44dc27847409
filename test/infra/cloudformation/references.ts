/** What in a template points at something that is not there. Pure. */
import { type Json, type JsonObject, said, type Template } from '../../../infra/scripts/cloudformation/read.ts'
import { KNOWN } from './attributes.ts'

const PSEUDO = new Set(
  ['AccountId', 'NoValue', 'Partition', 'Region', 'StackName', 'URLSuffix'].map((name) => `AWS::${name}`),
)

/** Each function of a value, inside out: name and argument. */
function* calls(value: unknown): Generator<readonly [name: string, argument: unknown]> {
  if (value === null || typeof value !== 'object') return
  if (!Array.isArray(value)) {
    const entries = Object.entries(value)
    if (entries.length === 1 && entries[0] !== undefined) yield entries[0]
  }
  for (const one of Object.values(value)) yield* calls(one)
}

/** @param exports Names that other stacks export, without the stack's own. */
export function dangling(template: Template, exports: ReadonlySet<string> = new Set()): string[] {
  const { Parameters, Conditions = {}, Resources, Outputs = {}, Rules = {} } = template
  const isThere = (name: string): boolean => PSEUDO.has(name) || name in Parameters || name in Resources
  const wrong: string[] = []
  const need = (holds: boolean, what: string): void => void (holds || wrong.push(what))

  function attribute(resource: string, name: string): void {
    const type = Resources[resource]?.Type
    if (type === undefined) wrong.push(`GetAtt ${resource}.${name}: no such resource`)
    else
      need(KNOWN[type]?.attributes.includes(name) === true, `GetAtt ${resource}.${name}: ${type} has no such attribute`)
  }
  function substituted(argument: unknown): void {
    const [text, own = {}] = (Array.isArray(argument) ? argument : [argument]) as [Json, JsonObject?]
    for (const [, name = ''] of said(text).matchAll(/\$\{([^!}][^}]*)\}/g)) {
      const [resource = '', ...rest] = name.split('.')
      if (name in own) continue
      if (rest.length > 0) attribute(resource, rest.join('.'))
      else need(isThere(name), `Sub \${${name}}: nothing is called so`)
    }
    for (const name of Object.keys(own)) need(said(text).includes(`\${${name}}`), `Sub: ${name} is not used`)
  }
  function imported(argument: unknown): void {
    const name = said((argument as JsonObject)['Fn::Sub'] ?? argument).replace(/^\$\{HomeStack\}/, '')
    need(exports.has(name), `ImportValue ${name}: nobody exports it`)
  }

  for (const [name, argument] of calls([Resources, Outputs, Conditions, Rules])) {
    if (name === 'Ref') need(isThere(said(argument)), `Ref ${said(argument)}: nothing is called so`)
    if (name === 'Condition' && typeof argument === 'string')
      need(argument in Conditions, `Condition ${argument}: none`)
    if (name === 'Fn::If')
      need(said((argument as Json[])[0]) in Conditions, `If ${said((argument as Json[])[0])}: none`)
    if (name === 'Fn::GetAtt') attribute(...(argument as [string, string]))
    if (name === 'Fn::Sub') substituted(argument)
    if (name === 'Fn::ImportValue') imported(argument)
  }
  for (const [name, { Condition, DependsOn = [] }] of Object.entries(Resources)) {
    if (Condition !== undefined) need(Condition in Conditions, `${name}: no condition ${Condition}`)
    for (const other of [DependsOn].flat()) need(other in Resources, `${name} depends on ${other}, which is not there`)
  }
  for (const { Condition } of Object.values(Outputs))
    if (Condition !== undefined) need(Condition in Conditions, `output: no condition ${Condition}`)
  return wrong
}

/** What a template exports, without the stack's name before it. */
export const exportsOf = ({ Outputs = {} }: Template): string[] =>
  Object.values(Outputs).flatMap(({ Export }) =>
    Export === undefined ? [] : [said((Export.Name as JsonObject)['Fn::Sub']).replace('${AWS::StackName}', '')],
  )
