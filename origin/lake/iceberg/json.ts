/**
 * JSON whose integers survive: snapshot ids are 64-bit, and Java engines draw them from the whole range, beyond
 * what a JavaScript number holds exactly (8195106785550123751 would come back as ...124000).
 */

/** An integer of the format: a bigint where a number would not be exact. */
export type Long = number | bigint

/** TC39 "JSON.parse source text access": in V8, not yet in TypeScript's library. */
interface JsonWithSource {
  parse(text: string, revive: (key: string, value: unknown, context: { readonly source?: string }) => unknown): unknown
  rawJSON(text: string): unknown
}
const json = JSON as unknown as JsonWithSource

/** @throws SyntaxError where `text` is not JSON. */
export const parseJson = (text: string): unknown =>
  json.parse(text, (_, value, { source = '' }) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source) ? BigInt(source) : value,
  )

/** A bigint is written as the bare number that it is. */
export const printJson = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) => (typeof member === 'bigint' ? json.rawJSON(String(member)) : member))

/** Equality over number and bigint. */
export const sameId = (a: Long | null | undefined, b: Long | null | undefined): boolean =>
  a !== null && a !== undefined && b !== null && b !== undefined && BigInt(a) === BigInt(b)
