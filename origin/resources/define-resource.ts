/** What a kind of resource is: a URI template with one variable, its completion, its list, its reader. */
import type { CacheHint, UriTemplate } from '@modelcontextprotocol/server'
import type { Caller, Scope } from '../../shared/server-info.ts'
import type { Ports } from '../ports.ts'

/** What one request brings along. */
export interface ResourceContext {
  readonly caller: Caller
  readonly ports: Ports
}

export interface ReadContext extends ResourceContext {
  /** Calls a tool as this caller: its scope, budget, cancellation and counting hold for resources too. */
  readonly call: (tool: string, args: object) => Promise<Record<string, unknown>>
}

/** One of `resources/list`. */
export interface ListedResource {
  readonly uri: string
  readonly name: string
  readonly title?: string
  readonly mimeType: string
  /** Bytes. */
  readonly size?: number
}

/** One part of what was read; the URI is the one that was asked for. */
export type Content =
  | { readonly mimeType: string; readonly text: string }
  | { readonly mimeType: string; readonly blob: string }

export interface ResourceKind {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly mimeType: string
  readonly template: UriTemplate
  /** The template's one variable. */
  readonly variable: string
  readonly scope: Scope
  /** How long clients may keep what was read; `private` where it is the tenant's own. */
  readonly keep: CacheHint
  complete(typed: string, context: ResourceContext): readonly string[] | Promise<readonly string[]>
  /** Those that are listed, in a fixed order. Absent: none. */
  list?(context: ResourceContext): readonly ListedResource[] | Promise<readonly ListedResource[]>
  /** @throws Fault NOT_FOUND for what is not there, or not this tenant's. */
  read(uri: URL, context: ReadContext): Promise<readonly Content[]> | readonly Content[]
}
