/**
 * What a client or its model meant by the parameters of a call. The SDK refuses them before a tool or prompt is asked,
 * in words of its schema library; `shared/arguments.ts` reads what is in the arguments of a tool.
 */
import { isTooDeep } from '../shared/json-depth.ts'

type Members = Readonly<Record<string, unknown>>
const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * The same body, in which null stands for no arguments, a JSON text for the object it says, and, where the protocol
 * knows texts alone (arguments of prompts, what is to be completed), a number for its digits and null for left out.
 */
export function meantBody(body: unknown): unknown {
  if (Array.isArray(body)) return body.map(meantBody)
  if (!isObject(body) || !isObject(body['params'])) return body
  const { method, params } = body
  const meant = MEANT.get(method)?.(params) ?? params
  return meant === params ? body : { ...body, params: meant }
}

const MEANT = new Map<unknown, (params: Members) => Members>(
  Object.entries({
    'tools/call': ({ arguments: args, ...rest }) => ({ ...rest, ...objectIn(args) }),
    'prompts/get': ({ arguments: args, ...rest }) => ({ ...rest, ...objectIn(args, textsOf) }),
    'completion/complete': (params) =>
      isObject(params['argument']) ? { ...params, argument: textsOf(params['argument']) } : params,
  }),
)

/** `arguments` again where there are any. */
function objectIn(args: unknown, read: (args: Members) => Members = (same) => same): Members {
  if (args === undefined || args === null) return {}
  const meant = typeof args === 'string' ? parsed(args) : args
  return { arguments: isObject(meant) ? read(meant) : args }
}

const textsOf = (args: Members): Members =>
  Object.fromEntries(
    Object.entries(args)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, typeof value === 'number' || typeof value === 'boolean' ? String(value) : value]),
  )

function parsed(text: string): unknown {
  if (isTooDeep(new TextEncoder().encode(text))) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
