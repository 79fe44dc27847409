/** Events as AWS documents them, as far as an edge reads them. */

const HEADERS = {
  host: 'estat.example.jp',
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
  'x-forwarded-for': '9.9.9.9, 203.0.113.7',
  'x-forwarded-proto': 'https',
}

export interface Asked {
  readonly method: string
  readonly path: string
  readonly query?: string
  /** Bytes. */
  readonly body?: Uint8Array
  readonly headers?: Readonly<Record<string, string>>
}

const encoded = ({ body }: Asked) =>
  body ? { body: Buffer.from(body).toString('base64'), isBase64Encoded: true } : { body: null, isBase64Encoded: false }

/** API Gateway developer guide, "Lambda proxy integration input", payload 1.0. */
export const restApi = (asked: Asked): object => ({
  resource: '/{proxy+}',
  path: asked.path,
  httpMethod: asked.method,
  headers: { ...HEADERS, ...asked.headers },
  multiValueHeaders: Object.fromEntries(
    Object.entries({ ...HEADERS, ...asked.headers }).map(([name, value]) => [name, [value]]),
  ),
  queryStringParameters: Object.fromEntries(new URLSearchParams(asked.query)),
  multiValueQueryStringParameters: Object.fromEntries(
    Array.from(new URLSearchParams(asked.query), ([name, value]) => [name, [value]]),
  ),
  requestContext: {
    accountId: '123456789012',
    domainName: 'estat.example.jp',
    httpMethod: asked.method,
    identity: { sourceIp: '198.51.100.1', userAgent: 'x' },
    path: `/prod${asked.path}`,
    stage: 'prod',
  },
  ...encoded(asked),
})

/** API Gateway HTTP API and Lambda function URL, payload 2.0. */
export const httpApi = (asked: Asked): object => ({
  version: '2.0',
  routeKey: '$default',
  rawPath: asked.path,
  rawQueryString: asked.query ?? '',
  headers: { ...HEADERS, ...asked.headers },
  requestContext: {
    accountId: '123456789012',
    domainName: 'estat.example.jp',
    http: { method: asked.method, path: asked.path, protocol: 'HTTP/1.1', sourceIp: '198.51.100.2', userAgent: 'x' },
    stage: '$default',
  },
  ...encoded(asked),
})

/** Elastic Load Balancing, "Lambda functions as targets". The balancer appends the client to X-Forwarded-For. */
export const balancer = (asked: Asked): object => ({
  requestContext: {
    elb: { targetGroupArn: 'arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/x/y' },
  },
  httpMethod: asked.method,
  path: asked.path,
  queryStringParameters: Object.fromEntries(new URLSearchParams(asked.query)),
  headers: { ...HEADERS, ...asked.headers },
  ...encoded(asked),
  ...(asked.body ? {} : { body: '' }),
})
