/** The client inside a Worker: POST `RunOptions`, get the report. */
import { callEveryTool, type RunOptions } from './run.ts'

export default {
  async fetch(request: Request): Promise<Response> {
    if (request.method !== 'POST') return new Response('ready')
    const options = (await request.json()) as RunOptions
    return Response.json(await callEveryTool({ ...options, validator: 'portable' }))
  },
}
