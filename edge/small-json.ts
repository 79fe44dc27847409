/** JSON of a few kilobytes from a server that is not ours: bounded in time and size, never redirected. */

export interface SmallJsonOptions {
  readonly send: (request: Request) => Promise<Response>
  readonly signal: AbortSignal
  readonly maxBytes: number
}

/** The document. Rejects for every answer but 200. */
export async function fetchSmallJson(url: string, { send, signal, maxBytes }: SmallJsonOptions): Promise<unknown> {
  const headers = { accept: 'application/json' }
  const response = await send(new Request(url, { headers, redirect: 'manual', signal }))
  if (response.status !== 200) {
    await response.body?.cancel()
    throw new Error(`answered ${response.status}`)
  }
  return JSON.parse(await textOf(response, maxBytes))
}

async function textOf({ body }: Response, maxBytes: number): Promise<string> {
  if (body === null) return ''
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let text = ''
  let length = 0
  for await (const chunk of body as ReadableStream<Uint8Array>) {
    length += chunk.length
    if (length > maxBytes) throw new Error(`answered more than ${maxBytes} bytes`)
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}
