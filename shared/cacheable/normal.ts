/** What the normal forms of arguments are made of. Each is idempotent, and changes nothing that a tool would see. */
import type * as z from 'zod'
import { fold, lowerCase } from './fold.ts'

/** Members that are undefined left out, the others in the order given. */
export const present = <Args extends object>(members: { readonly [Key in keyof Args]: Args[Key] | undefined }): Args =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Args

/**
 * An optional text without blanks at its ends; undefined where nothing is left, as `parseArguments` takes "". What
 * would then read as left out by its word ("null") stays as it was written.
 */
export function optionalText(text: string | undefined, form = trimmed): string | undefined {
  const plain = text === undefined ? '' : form(text)
  if (plain === '') return undefined
  return plain === 'null' ? text : plain
}

const trimmed = (text: string): string => text.trim()

/** Folded, unless the parameter takes no such text: NFKC may write one sign as eighteen. */
export function foldedFor(parameter: z.ZodType, text: string): string {
  const plain = fold(text)
  return parameter.safeParse(plain).success ? plain : text
}

/** The name of an axis: typed in any width and case it is the same axis (`origin/estat/text.ts`, fold). */
export const axisName = (text: string): string => lowerCase(text.normalize('NFKC')).trim()
