/** CloudFormation's YAML as plain objects: `!Ref Name` is `{ Ref: 'Name' }`, `!Sub ...` is `{ 'Fn::Sub': ... }`. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse, YAMLMap, YAMLSeq } from 'yaml'

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }
export type JsonObject = { readonly [name: string]: Json }

/** As it stands in a text: a word as it is, anything else as JSON. */
export const said = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))

export interface Resource {
  readonly Type: string
  readonly Condition?: string
  readonly DependsOn?: string | readonly string[]
  readonly Properties?: JsonObject
}

export interface Parameter {
  readonly Type: string
  readonly Default?: string | number
  readonly AllowedValues?: readonly (string | number)[]
  readonly AllowedPattern?: string
}

interface Output {
  readonly Condition?: string
  readonly Value: Json
  readonly Export?: { readonly Name: Json }
}

export interface Template {
  readonly Description: string
  readonly Parameters: Readonly<Record<string, Parameter>>
  readonly Rules?: JsonObject
  readonly Conditions?: JsonObject
  readonly Resources: Readonly<Record<string, Resource>>
  readonly Outputs?: Readonly<Record<string, Output>>
}

export const TEMPLATES = fileURLToPath(new URL('../../cloudformation/', import.meta.url))

export const templateNames = (): string[] =>
  readdirSync(TEMPLATES)
    .filter((name) => name.endsWith('.yaml'))
    .toSorted()

export const readTemplate = (name: string): Template => parseTemplate(readFileSync(join(TEMPLATES, name), 'utf8'))

/** Short forms of functions (CloudFormation user guide, "Intrinsic function reference"). */
const SHORT = [
  'Sub',
  'If',
  'Equals',
  'Not',
  'And',
  'Or',
  'Join',
  'Select',
  'GetAZs',
  'Cidr',
  'ImportValue',
  'FindInMap',
]

const functionTags = (tag: string, made: (value: unknown) => unknown) => [
  { tag, resolve: made },
  { tag, collection: 'seq' as const, resolve: (items: unknown) => made((items as YAMLSeq).toJSON()) },
  { tag, collection: 'map' as const, resolve: (pairs: unknown) => made((pairs as YAMLMap).toJSON()) },
]

/** `Resource.Attribute`; an attribute may have dots of its own. */
function attribute(text: unknown): unknown {
  const [resource = '', ...rest] = said(text).split('.')
  return { 'Fn::GetAtt': [resource, rest.join('.')] }
}

const TAGS = [
  ...functionTags('!Ref', (name) => ({ Ref: name })),
  ...functionTags('!Condition', (name) => ({ Condition: name })),
  { tag: '!GetAtt', resolve: attribute },
  ...SHORT.flatMap((name) => functionTags(`!${name}`, (value) => ({ [`Fn::${name}`]: value }))),
]

export const parseTemplate = (text: string): Template => parse(text, { customTags: TAGS }) as Template
