/** JSON unless something must stream, for revisions whose transport knows only one or the other. */

/** How both SDK lines write one message: one event, its data in one line. */
const EVENT = /^(?:event: message\n)?(?:id: [^\n]*\n)?data: ([^\n]*)\n\n$/

/**
 * An event stream that begins with the answer itself has nothing else to say: it becomes JSON. One that begins with a
 * notification goes on as it is.
 *
 * @param response Of a single request: status 200, `text/event-stream`, one event for each chunk.
 */
export async function jsonWhereAlone(response: Response): Promise<Response> {
  if (response.body === null || !response.headers.get('content-type')?.startsWith('text/event-stream')) return response
  const reader = response.body.getReader()
  const { value: first } = await reader.read()
  const headers = new Headers(response.headers)
  const data = EVENT.exec(new TextDecoder().decode(first))?.[1]
  if (data !== undefined && isAnswer(data)) {
    await reader.cancel()
    headers.set('content-type', 'application/json')
    return new Response(data, { headers })
  }
  const rest = new ReadableStream<Uint8Array>({
    start: (controller) => (first ? controller.enqueue(first) : controller.close()),
    async pull(controller) {
      const { value, done } = await reader.read()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    cancel: (reason) => reader.cancel(reason),
  })
  return new Response(rest, { headers })
}

/** A response has no method (JSON-RPC 2.0, sections 4 and 5). The text is our own, so its form is known. */
const isAnswer = (data: string): boolean => !('method' in (JSON.parse(data) as object))
