/**
 * Kept files straight out of the bucket: S3, R2, or whatever else speaks S3's protocol. The role needs s3:GetObject on the
 * tenants' folders and s3:ListBucket on the bucket (without it S3 says 403, not 404, of what is not there).
 */
import { fault } from '../../shared/fault.ts'
import { type AwsSender, awsSender } from '../../shared/aws/sender.ts'
import type { CredentialSource } from '../../shared/aws/credentials.ts'
import { rangeOf } from '../../shared/byte-range.ts'
import { conditionOf, isConditional, rangeHolds } from '../../shared/preconditions.ts'
import type { Report } from '../env.ts'
import type { FileAsk, FileSource } from '../ports.ts'

export interface S3FilesOptions {
  readonly bucket: string
  readonly region: string
  /** Scheme and host that are asked by path; S3 of the region, by the bucket's own host name, where absent. */
  readonly endpoint?: string
  readonly credentials: CredentialSource
  readonly send: (request: Request) => Promise<Response>
  readonly report: Report
  /** How long S3 may take to begin an answer, milliseconds. */
  readonly timeoutMs: number
}

/** An object that is replaced between its head and its body is looked at again this often. */
const LOOKS = 3
/** Requests for one answer: S3 asks to be asked again after 500 and 503 (User Guide, "Retry requests"). */
const TRIES = 2

export function s3Files(options: S3FilesOptions): FileSource {
  const { bucket, region, endpoint, report, timeoutMs } = options
  const base = endpoint === undefined ? `https://${bucket}.s3.${region}.amazonaws.com` : `${endpoint}/${bucket}`
  const sign = awsSender({ ...options, service: 's3' })
  const ask = asker({ sign, report, timeoutMs })
  const urlOf = (key: string): string => `${base}/${key.split('/').map(encoded).join('/')}`

  /** S3 knows no `If-Range` and one tag for each condition: what they mean is decided here, on the object's head. */
  async function conditional(url: string, { method, headers, signal }: FileAsk): Promise<Response | null> {
    const head = await ask({ method: 'HEAD', url, signal })
    const size = Number(head.headers.get('content-length'))
    const etag = head.headers.get('etag') ?? ''
    const validators = { etag, modified: Date.parse(head.headers.get('last-modified') ?? '') }
    const condition = conditionOf(headers, validators)
    if (condition !== 'go on') return bare(head, condition === 'failed' ? 412 : 304)
    if (method === 'HEAD') return head
    const range = rangeHolds(headers, validators) ? headers.get('range') : null
    if (rangeOf(range, size) === 'unsatisfiable') return unsatisfiable(head, size)
    const answer = await ask({
      method,
      url,
      signal,
      headers: { 'if-match': etag, ...(range === null ? {} : { range }) },
    })
    if (answer.status !== 412) return answer
    await answer.body?.cancel()
    return null
  }

  return {
    async open(asked) {
      const { method, headers, signal } = asked
      const url = urlOf(asked.key)
      if (!isConditional(headers)) {
        const range = headers.get('range')
        const answer = await ask({ method, url, signal, ...(range === null ? {} : { headers: { range } }) })
        if (answer.status !== 416) return answer
        await answer.body?.cancel()
        // Its answer to this is XML, without the size that the client needs (RFC 9110 section 15.5.17).
        const head = await ask({ method: 'HEAD', url, signal })
        return unsatisfiable(head, Number(head.headers.get('content-length')))
      }
      for (let look = 0; look < LOOKS; look += 1) {
        const answer = await conditional(url, asked)
        if (answer !== null) return answer
      }
      throw unavailable('The file is being replaced again and again.')
    },
  }
}

interface Asking {
  readonly method: 'GET' | 'HEAD'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly signal: AbortSignal
}

/** One request of S3. Its refusals become ours, and their XML goes nowhere. */
function asker({ sign, report, timeoutMs }: { sign: AwsSender; report: Report; timeoutMs: number }) {
  async function once(asking: Asking): Promise<Response | null> {
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(new Error('S3 did not answer in time')), timeoutMs)
    try {
      return await sign({ ...asking, signal: AbortSignal.any([asking.signal, late.signal]) })
    } catch (error) {
      if (asking.signal.aborted) throw fault('CANCELLED', 'The caller left.', { cause: error })
      report(error, 'files')
      return null
    } finally {
      clearTimeout(timer)
    }
  }

  return async function ask(asking: Asking): Promise<Response> {
    let answer: Response | null = null
    for (let attempt = 0; attempt < TRIES && (answer === null || answer.status >= 500); attempt += 1) {
      await answer?.body?.cancel()
      answer = await once(asking)
    }
    if (answer !== null && [200, 206, 412, 416].includes(answer.status)) return answer
    // A bucket that is not there is the operator's concern, not the caller's.
    const text = answer?.status === 404 && asking.method === 'GET' ? await answer.text() : ''
    if (answer?.status === 404 && !text.includes('<Code>NoSuchBucket</Code>')) throw notThere()
    await answer?.body?.cancel().catch(() => {})
    report(new Error(`S3 answered ${answer?.status ?? 'nothing'}`), 'files')
    throw unavailable('The store of files does not answer.')
  }
}

const bare = ({ headers }: Response, status: 304 | 412): Response =>
  new Response(null, { status, headers: less(headers) })

function unsatisfiable({ headers }: Response, size: number): Response {
  const told = less(headers)
  told.set('content-range', `bytes */${size}`)
  return new Response(null, { status: 416, headers: told })
}

/** As SigV4 has a path: all but the unreserved characters of RFC 3986 (S3 API Reference, "Signature calculations"). */
const encoded = (part: string): string =>
  encodeURIComponent(part).replaceAll(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)

/** Without the length of what is not sent. */
function less(headers: Headers): Headers {
  const told = new Headers(headers)
  told.delete('content-length')
  return told
}

const notThere = () =>
  fault('NOT_FOUND', 'There is no such file.', { hint: 'Use the s3_path that an earlier call returned.' })

const unavailable = (message: string) => fault('ESTAT_UNAVAILABLE', message, { hint: 'Try again in a minute.' })
