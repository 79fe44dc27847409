import type { Handler } from 'hono'
import { downloadHeaders } from '../../shared/kept-file.ts'
import { fileAnswerHeaders, fileAskHeaders } from '../domain/file-headers.ts'
import type { EdgeEnv } from '../env.ts'
import type { FileSource } from '../ports.ts'

export interface FilesOptions {
  readonly source: FileSource
}

/**
 * A kept file as a download: the bytes as they come, never held back; of the source's headers those that belong to the
 * bytes. What it is and how it is called are ours to say.
 */
export function files({ source }: FilesOptions): Handler<EdgeEnv> {
  return async function files(c) {
    const file = c.get('file')
    const method = c.req.method === 'HEAD' ? 'HEAD' : 'GET'
    const answer = await source.open({
      key: file.key,
      method,
      headers: fileAskHeaders(c.req.raw.headers, method),
      caller: c.get('caller'),
      requestId: c.get('requestId'),
      trace: c.get('trace'),
      signal: c.req.raw.signal,
    })
    const headers = fileAnswerHeaders(answer.headers)
    for (const [name, value] of Object.entries(downloadHeaders(file, file.name))) headers.set(name, value)
    return c.newResponse(answer.body, { status: answer.status as 200, headers })
  }
}
