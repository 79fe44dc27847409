/** The kinds of value that settings have. */
import * as z from 'zod'

/** Names, comma-separated: trimmed, lower case. */
export const names = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((name) => name.trim().toLowerCase())
      .filter((name) => name !== ''),
  )

/** A JWK on curve Ed25519 (RFC 8037): `d` is the private half. */
export const publicJwk = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string(),
  kid: z.string().exactOptional(),
})
export const privateJwk = publicJwk.extend({ d: z.string() })

/** JSON text of a given shape. The issue says where it is wrong and never repeats the text: it may be a secret. */
export const json = <Shape extends z.ZodType>(shape: Shape, what: string) =>
  z.string().transform((text, context): z.infer<Shape> => {
    const parsed = shape.safeParse(parseJson(text))
    if (parsed.success) return parsed.data
    const places = [...new Set(parsed.error.issues.map(({ path }) => path.join('.')))].filter((place) => place !== '')
    const where = places.length > 0 ? `; wrong at ${places.join(', ')}` : ''
    context.addIssue({ code: 'custom', message: `must be ${what} as JSON${where}` })
    return z.NEVER
  })

export const hasNoPath = (url: string): boolean => /^\w+:\/\/[^/?#]+\/?$/.test(url)

export const port = z.coerce.number().int().min(1).max(65_535)

/** Scheme and host of a service that answers in place of another. */
export const endpoint = z
  .url({ protocol: /^https?$/ })
  .refine(hasNoPath, 'must have no path')
  .optional()

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
