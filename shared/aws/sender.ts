import { AwsV4Signer } from 'aws4fetch'
import type { CredentialSource } from './credentials.ts'

export interface AwsSenderOptions {
  /** As it stands in the credential scope of SigV4: `dynamodb`, `s3`, `execute-api`. */
  readonly service: string
  readonly region: string
  readonly credentials: CredentialSource
  readonly send: (request: Request) => Promise<Response>
}

/** One signed request. */
export interface AwsRequest {
  readonly url: string
  readonly method: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array<ArrayBuffer> | string
  readonly signal?: AbortSignal
}

/** Sends a request signed with SigV4. Nothing is retried here: what may be is known to who asks. */
export type AwsSender = (request: AwsRequest) => Promise<Response>

export function awsSender({ service, region, credentials, send }: AwsSenderOptions): AwsSender {
  /** Signing keys, which aws4fetch derives once a day for each secret. */
  const cache = new Map<string, ArrayBuffer>()
  return async ({ url, method, headers = {}, body, signal }) => {
    const signer = new AwsV4Signer({
      ...(await credentials()),
      url,
      method,
      headers: { ...headers },
      ...(body === undefined ? {} : { body }),
      service,
      region,
      cache,
      // The range of a file and its conditions are signed as well.
      allHeaders: true,
    })
    const signed = await signer.sign()
    return send(
      new Request(signed.url, {
        method: signed.method,
        headers: signed.headers,
        ...(body === undefined ? {} : { body }),
        ...(signal ? { signal } : {}),
        redirect: 'manual',
      }),
    )
  }
}
