/**
 * What a stack would hold with given parameters: conditions decided, references replaced. What only AWS knows
 * (attributes of resources, exports of other stacks) becomes a text in `<...>`.
 */
import { type Json, type JsonObject, type Resource, said, type Template } from './read.ts'

export interface Asked {
  readonly parameters?: Readonly<Record<string, string>>
  readonly region?: string
}

export interface Evaluated {
  /** Those whose condition holds, with properties decided. */
  readonly resources: Readonly<Record<string, { readonly type: string; readonly properties: JsonObject }>>
  /** Assertions of the template's rules that do not hold. */
  readonly refusals: readonly string[]
}

type Scope = { readonly template: Template; readonly given: Readonly<Record<string, Json>> }

/** `AWS::NoValue`: the property is left out. */
const NOTHING = Symbol('no value')

/** @throws Error on a parameter without a value or default, and on a function that is not known here. */
export function evaluate(template: Template, { parameters = {}, region = 'ap-northeast-1' }: Asked = {}): Evaluated {
  const unknown = Object.keys(parameters).filter((name) => !(name in template.Parameters))
  if (unknown.length > 0) throw new Error(`No such parameter: ${unknown.join(', ')}`)
  const given: Record<string, Json> = {
    'AWS::Region': region,
    'AWS::AccountId': '123456789012',
    'AWS::Partition': 'aws',
    'AWS::StackName': 'stack',
  }
  for (const [name, { Default }] of Object.entries(template.Parameters)) {
    const value = parameters[name] ?? Default
    if (value === undefined) throw new Error(`Parameter ${name} has no value`)
    given[name] = said(value)
  }
  const scope = { template, given }
  const made = Object.entries(template.Resources).filter(([, { Condition }]) => holdsNamed(Condition, scope))
  return {
    resources: Object.fromEntries(made.map(([name, resource]) => [name, resourceOf(resource, scope)])),
    refusals: refusals(scope),
  }
}

const resourceOf = ({ Type, Properties = {} }: Resource, scope: Scope) => ({
  type: Type,
  properties: value(Properties, scope) as JsonObject,
})

function refusals(scope: Scope): string[] {
  type Rule = {
    readonly RuleCondition?: Json
    readonly Assertions: readonly { Assert: Json; AssertDescription: string }[]
  }
  const rules = Object.values(scope.template.Rules ?? {}) as unknown as readonly Rule[]
  return rules
    .filter(({ RuleCondition }) => RuleCondition === undefined || isTrue(RuleCondition, scope))
    .flatMap(({ Assertions }) => Assertions.filter(({ Assert }) => !isTrue(Assert, scope)))
    .map(({ AssertDescription }) => AssertDescription)
}

function holdsNamed(name: string | undefined, scope: Scope): boolean {
  if (name === undefined) return true
  const condition = scope.template.Conditions?.[name]
  if (condition === undefined) throw new Error(`No such condition: ${name}`)
  return isTrue(condition, scope)
}

const isTrue = (expression: Json, scope: Scope): boolean => value(expression, scope) === true

const FUNCTIONS: Readonly<Record<string, (argument: Json, scope: Scope) => unknown>> = {
  Ref: (name, scope) => reference(said(name), scope),
  Condition: (name, scope) => holdsNamed(said(name), scope),
  'Fn::Equals': (pair, scope) => {
    const [one, other] = list(value(pair, scope))
    return said(one) === said(other)
  },
  'Fn::Not': (one, scope) => list(value(one, scope))[0] !== true,
  'Fn::And': (all, scope) => list(value(all, scope)).every((one) => one === true),
  'Fn::Or': (all, scope) => list(value(all, scope)).some((one) => one === true),
  'Fn::If': (choice, scope) => {
    const [name, then, otherwise] = list(choice)
    return value((holdsNamed(said(name), scope) ? then : otherwise) ?? null, scope)
  },
  'Fn::Sub': (argument, scope) => {
    const [text, own] = Array.isArray(argument) ? (argument as readonly Json[]) : [argument]
    const names = (own === undefined ? {} : value(own, scope)) as Record<string, Json>
    return said(text).replaceAll(/\$\{([^!}][^}]*)\}/g, (_, name: string) =>
      said(names[name] ?? (name.includes('.') ? `<${name}>` : reference(name, scope))),
    )
  },
  'Fn::Join': (argument, scope) => {
    const [between, parts] = list(value(argument, scope))
    return list(parts).map(said).join(said(between))
  },
  'Fn::Select': (argument, scope) => {
    const [at, from] = list(value(argument, scope))
    return list(from)[Number(at)]
  },
  'Fn::GetAZs': (_, scope) => ['a', 'c', 'd'].map((zone) => `${said(scope.given['AWS::Region'])}${zone}`),
  'Fn::Cidr': (argument, scope) => {
    const [block, count] = list(value(argument, scope))
    return Array.from({ length: Number(count) }, (__, at) => `<${said(block)} ${at}>`)
  },
  'Fn::GetAtt': (argument) => `<${list(argument).map(said).join('.')}>`,
  'Fn::ImportValue': (name, scope) => `<import ${said(value(name, scope))}>`,
}

function reference(name: string, { template, given }: Scope): unknown {
  if (name === 'AWS::NoValue') return NOTHING
  if (name in given) return given[name]
  if (name in template.Resources) return `<${name}>`
  throw new Error(`Nothing is called ${name}`)
}

const list = (from: unknown): readonly Json[] => (Array.isArray(from) ? (from as Json[]) : [])

function value(from: Json, scope: Scope): Json {
  return decided(from, scope) as Json
}

function decided(from: Json, scope: Scope): unknown {
  if (Array.isArray(from)) return from.map((one: Json) => decided(one, scope)).filter((one) => one !== NOTHING)
  if (from === null || typeof from !== 'object') return from
  const entries = Object.entries(from as JsonObject)
  const [[name, argument] = ['', null]] = entries
  const called = entries.length === 1 ? FUNCTIONS[name] : undefined
  // `Condition` with an object is a policy's, not the function's.
  if (called && !(name === 'Condition' && typeof argument !== 'string')) return called(argument, scope)
  return Object.fromEntries(
    entries.map(([key, one]) => [key, decided(one, scope)] as const).filter(([, one]) => one !== NOTHING),
  )
}
