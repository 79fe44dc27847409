/** The tools whose answers the edge may keep: for each, how to read its arguments and what makes two calls the same. */
import type * as z from 'zod'
import { searchEstatData } from './search-estat-data.ts'

export interface Cacheable<In extends z.ZodObject = z.ZodObject> {
  readonly name: string
  readonly input: In
  /** Equal meaning, equal object, keys in one fixed order; idempotent. Takes what `parseArguments` gave. */
  normalise(parsed: z.infer<In>): z.infer<In>
}

/** By tool name. A tool that is not here is forwarded uncached (HOUSE.md, habit 3). */
export const CACHEABLE: Readonly<Record<string, Cacheable>> = {
  [searchEstatData.name]: searchEstatData,
}
