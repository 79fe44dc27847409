import type { Context } from 'hono'
import * as z from 'zod'
import { fault } from '../../shared/fault.ts'

/** The query of an address. @throws Fault INVALID_PARAMETER that names the first parameter at fault. */
export const readQuery = <Shape extends z.ZodObject>(shape: Shape, c: Context): z.infer<Shape> =>
  checked(z.strictObject(shape.shape), c.req.query()) as z.infer<Shape>

/** A JSON body; an empty one is `{}`. @throws Fault INVALID_PARAMETER. */
export async function readBody<Shape extends z.ZodObject>(shape: Shape, c: Context): Promise<z.infer<Shape>> {
  const text = await c.req.text()
  let sent: unknown
  try {
    sent = text === '' ? {} : JSON.parse(text)
  } catch {
    throw fault('INVALID_PARAMETER', 'The body must be JSON.')
  }
  return checked(z.strictObject(shape.shape), sent) as z.infer<Shape>
}

function checked(shape: z.ZodType, sent: unknown): unknown {
  const parsed = shape.safeParse(sent)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const name = issue?.code === 'unrecognized_keys' ? issue.keys.join(', ') : String(issue?.path[0] ?? 'the body')
  throw fault('INVALID_PARAMETER', `Wrong value or unknown parameter: ${name.slice(0, 80)}.`)
}
