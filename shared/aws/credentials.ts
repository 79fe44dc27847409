/**
 * Who signs requests to AWS: fixed credentials of the environment (Lambda, a laptop), or those that a container's role
 * hands out and changes by itself (ECS, EKS).
 */
import * as z from 'zod'

export interface AwsCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

/** Rejects where there are none to be had. */
export type CredentialSource = () => Promise<AwsCredentials>

export interface AwsEnvironment {
  readonly AWS_ACCESS_KEY_ID?: string | undefined
  readonly AWS_SECRET_ACCESS_KEY?: string | undefined
  readonly AWS_SESSION_TOKEN?: string | undefined
  /** Path at the agent of ECS (AWS SDKs reference, "Container credential provider"). */
  readonly AWS_CONTAINER_CREDENTIALS_RELATIVE_URI?: string | undefined
  readonly AWS_CONTAINER_CREDENTIALS_FULL_URI?: string | undefined
  readonly AWS_CONTAINER_AUTHORIZATION_TOKEN?: string | undefined
}

export interface CredentialOptions {
  readonly env: AwsEnvironment
  readonly send: (request: Request) => Promise<Response>
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** Fixed by AWS for the agent beside every ECS task. */
const ECS_AGENT = 'http://169.254.170.2'
/** New ones are asked for this long before the old ones end. */
const EARLY_MS = 5 * 60_000
const TIMEOUT_MS = 2_000

const Handed = z.object({
  AccessKeyId: z.string(),
  SecretAccessKey: z.string(),
  Token: z.string(),
  Expiration: z.iso.datetime({ offset: true }),
})

/** @throws Error at once where the environment names no credentials at all. */
export function awsCredentials({ env, send, now }: CredentialOptions): CredentialSource {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: token } = env
  if (accessKeyId && secretAccessKey) {
    const fixed = { accessKeyId, secretAccessKey, ...(token ? { sessionToken: token } : {}) }
    return () => Promise.resolve(fixed)
  }
  const relative = env.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI
  const url = relative ? `${ECS_AGENT}${relative}` : env.AWS_CONTAINER_CREDENTIALS_FULL_URI
  if (!url) throw new Error('The environment names no AWS credentials: no access key and no container role.')

  let held: { readonly credentials: AwsCredentials; readonly until: number } | null = null
  let asking: Promise<AwsCredentials> | null = null

  async function ask(): Promise<AwsCredentials> {
    const authorization = env.AWS_CONTAINER_AUTHORIZATION_TOKEN
    const response = await send(
      new Request(url as string, {
        ...(authorization ? { headers: { authorization } } : {}),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      }),
    )
    if (!response.ok) throw new Error(`the container's role answered ${response.status}`)
    const handed = Handed.parse(await response.json())
    const credentials = {
      accessKeyId: handed.AccessKeyId,
      secretAccessKey: handed.SecretAccessKey,
      sessionToken: handed.Token,
    }
    held = { credentials, until: Date.parse(handed.Expiration) }
    return credentials
  }

  return async () => {
    if (held && now() < held.until - EARLY_MS) return held.credentials
    asking ??= ask().finally(() => {
      asking = null
    })
    // The old ones are good for some minutes yet: a role that stumbles once takes nothing down.
    const still = held && now() < held.until ? held.credentials : null
    return still ? asking.catch(() => still) : asking
  }
}
