import * as z from 'zod'

/** RFC 9110 section 5.6.2. Lower case, as `Headers` gives names. */
export const headerName = z
  .string()
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}$/, 'must be the name of a header')
  .transform((name) => name.toLowerCase())
  .optional()
