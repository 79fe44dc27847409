import { fault } from '../../shared/fault.ts'
import { pathOfFile } from '../../shared/kept-file.ts'
import type { FileSource } from '../ports.ts'
import type { Upstream } from '../upstream.ts'

const ANSWERS: ReadonlySet<number> = new Set([200, 206, 304, 412, 416])

export interface OriginFilesOptions {
  readonly upstream: Upstream
}

/** Kept files by way of the origin, which has the store. */
export const originFiles = ({ upstream }: OriginFilesOptions): FileSource => ({
  async open({ key, method, headers: asked, caller, requestId, trace, signal }) {
    const headers = new Headers(asked)
    // What lies between might compress, and a range would then be of other bytes.
    headers.set('accept-encoding', 'identity')
    const path = pathOfFile(key)
    const body = new Uint8Array()
    const answer = await upstream({ method, path, headers, body, caller, requestId, trace, signal, download: true })
    if (ANSWERS.has(answer.status)) return answer
    await answer.body?.cancel()
    if (answer.status === 404)
      throw fault('NOT_FOUND', 'There is no such file.', { hint: 'Use the s3_path that an earlier call returned.' })
    throw fault('ESTAT_UNAVAILABLE', 'The file cannot be read at present.', { hint: 'Try again in a minute.' })
  },
})
