/**
 * `GET|HEAD /files/<key>`: a kept file of the caller's tenant, streamed, with ranges and conditions. The edge comes here
 * for links as well; whether a link holds is its part.
 */
import { FAULTS, fault } from '../shared/fault.ts'
import { downloadHeaders, fileOfPath, type KeptFile } from '../shared/kept-file.ts'
import { hasScope } from '../shared/scope.ts'
import type { Caller } from '../shared/server-info.ts'
import { conditionOf, rangeHolds, type Validators } from '../shared/preconditions.ts'
import { type ByteRange, rangeOf } from '../shared/byte-range.ts'
import type { ObjectInfo, ObjectStore } from './ports.ts'

/** A file that is replaced between its head and its body is looked at again this often. */
const LOOKS = 3

/**
 * @returns 200, 206, 304, 412 or 416 with the headers that belong to it.
 * @throws Fault FORBIDDEN without the scope `lake`; NOT_FOUND for what is no kept file of the caller's tenant.
 */
export async function serveFile(request: Request, caller: Caller, store: ObjectStore): Promise<Response> {
  if (!hasScope(caller, 'lake'))
    throw fault('FORBIDDEN', 'Kept files need the scope "lake", which this key does not have.')
  const file = fileOfPath(new URL(request.url).pathname)
  if (file === null || file.tenant !== caller.tenant) throw notThere()
  for (let look = 0; look < LOOKS; look += 1) {
    const info = await store.head(file.key)
    if (info === null) throw notThere()
    const answer = await answerWith(request, file, info, store)
    if (answer !== null) return answer
  }
  throw fault('AWS_SERVICE_ERROR', 'The file is being replaced again and again.', {
    hint: FAULTS.AWS_SERVICE_ERROR.hint,
  })
}

const notThere = () =>
  fault('NOT_FOUND', 'There is no such file.', { hint: 'Use the s3_path that an earlier call returned.' })

/** Null where the file is another one by now. */
async function answerWith(
  { method, headers }: Request,
  file: KeptFile,
  { size, modified, version }: ObjectInfo,
  store: ObjectStore,
): Promise<Response | null> {
  const told: Record<string, string> = { ...downloadHeaders(file, file.name), 'accept-ranges': 'bytes' }
  // HTTP dates have whole seconds (RFC 9110 section 5.6.7).
  const validators: Validators = { etag: `"${version ?? ''}"`, modified: Math.floor(modified / 1000) * 1000 }
  told['etag'] = validators.etag
  told['last-modified'] = new Date(validators.modified).toUTCString()

  const condition = conditionOf(headers, validators)
  if (condition === 'not modified') return new Response(null, { status: 304, headers: told })
  if (condition === 'failed') return new Response(null, { status: 412, headers: told })
  // Ranges are defined for GET alone (RFC 9110 section 14.2).
  const asked = method === 'GET' && rangeHolds(headers, validators) ? rangeOf(headers.get('range'), size) : null
  if (asked === 'unsatisfiable')
    return new Response(null, { status: 416, headers: { ...told, 'content-range': `bytes */${size}` } })
  const range: ByteRange = asked ?? { first: 0, last: size - 1 }
  told['content-length'] = String(range.last - range.first + 1)
  if (asked !== null) told['content-range'] = `bytes ${range.first}-${range.last}/${size}`
  const status = asked === null ? 200 : 206
  if (method === 'HEAD' || size === 0) return new Response(null, { status, headers: told })
  const whole = await store.stream(file.key, range.first, version)
  if (whole === null) return null
  return new Response(range.last === size - 1 ? whole : whole.pipeThrough(firstBytes(range)), { status, headers: told })
}

/** Ends after the range, and with it the reading. */
function firstBytes({ first, last }: ByteRange): TransformStream<Uint8Array, Uint8Array> {
  let left = last - first + 1
  return new TransformStream({
    transform(chunk, controller) {
      controller.enqueue(chunk.length > left ? chunk.subarray(0, left) : chunk)
      left -= Math.min(left, chunk.length)
      // Closes what is read from and cancels what is read: bytes beyond the range are not fetched.
      if (left === 0) controller.terminate()
    },
  })
}
