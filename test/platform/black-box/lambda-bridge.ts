/**
 * HTTP in front of the Lambda, as a function URL is: each request becomes an event of payload format 2.0 (Lambda
 * developer guide, "Request and response payloads"), the handler's result an answer. In the process of the Lambda.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { handler } from '../../../edge/platform/lambda.ts'

interface Result {
  readonly statusCode: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
  readonly isBase64Encoded: boolean
}

async function eventOf(request: IncomingMessage): Promise<object> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const body = Buffer.concat(chunks)
  const [rawPath = '/', rawQueryString = ''] = (request.url ?? '/').split('?')
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value]),
  )
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    headers,
    requestContext: {
      domainName: request.headers.host,
      http: { method: request.method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: request.socket.remoteAddress },
    },
    ...(body.length > 0 ? { body: body.toString('base64') } : { body: null }),
    isBase64Encoded: body.length > 0,
  }
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const result = (await handler((await eventOf(request)) as never)) as unknown as Result
  const body = Buffer.from(result.body, result.isBase64Encoded ? 'base64' : 'utf8')
  response.writeHead(result.statusCode, result.headers)
  response.end(request.method === 'HEAD' ? undefined : body)
}

const server = createServer((request, response) => {
  serve(request, response).catch(() => response.writeHead(502).end())
})
server.listen(Number(process.env['EDGE_PORT']), '127.0.0.1', () => process.stdout.write('{"event":"listening"}\n'))
