/** What all clients of AWS have in common. */
export interface AwsOptions {
  readonly region: string
  /** Another address than the region's own: a stand-in, or a service that speaks the same protocol. */
  readonly endpoint?: string
  /** Absent: the SDK's chain (the task's role, the environment, a profile). */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string }
  /** How often one request is sent at the most; 3 where absent. */
  readonly maxAttempts?: number
  /** Milliseconds until a request's answer must have begun, and that its body may pause; 10 s where absent. */
  readonly timeoutMs?: number
}

/** Configuration for any client of the SDK. */
export function awsClientConfig({ region, endpoint, credentials, maxAttempts = 3, timeoutMs = 10_000 }: AwsOptions) {
  return {
    region,
    maxAttempts,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
    requestHandler: {
      connectionTimeout: Math.min(5_000, timeoutMs),
      requestTimeout: timeoutMs,
      throwOnRequestTimeout: true,
      socketTimeout: timeoutMs,
    },
  }
}
