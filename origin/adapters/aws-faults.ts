/** What AWS says, in words a caller may see. The answer itself stays behind as the cause: it holds names and ids. */
import { Fault, fault } from '../../shared/fault.ts'

/** Part of every error of the SDK (`@smithy/types` ServiceException, and what the HTTP handler throws). */
interface SdkError extends Error {
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number }
  readonly code?: string
}

const CREDENTIALS = new Set(['CredentialsProviderError', 'TokenProviderError'])
const REFUSED_KEYS = new Set([
  'ExpiredToken', 'ExpiredTokenException', 'InvalidAccessKeyId', 'InvalidClientTokenId', 'InvalidSignatureException',
  'InvalidToken', 'SignatureDoesNotMatch', 'UnrecognizedClientException',
]) // biome-ignore format: a list of names
const CLOCK = new Set(['RequestTimeTooSkewed', 'RequestExpired'])
const DENIED = new Set(['AccessDenied', 'AccessDeniedException', 'AllAccessDisabled', 'Forbidden'])
const SLOW = new Set([
  'SlowDown',
  'ThrottlingException',
  'Throttling',
  'TooManyRequestsException',
  'ServiceUnavailable',
])
const ELSEWHERE = new Set(['PermanentRedirect', 'AuthorizationHeaderMalformed', 'IllegalLocationConstraintException'])
const UNREACHED = new Set([
  'ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN',
]) // biome-ignore format: a list of names

/**
 * @param service As people know it: "S3", "Glue", "Athena".
 * @param action The permission that the request needs, for whoever has to grant it: "s3:GetObject".
 * @returns a Fault; one that is a Fault already passes through.
 */
export function awsFault(error: unknown, service: string, action: string): Fault {
  if (error instanceof Fault) return error
  const say = (message: string, hint?: string): Fault =>
    fault('AWS_SERVICE_ERROR', message, { ...(hint === undefined ? {} : { hint }), cause: error })
  const name = error instanceof Error ? error.name : ''
  if (CREDENTIALS.has(name))
    return say('The server has no AWS credentials.', 'Ask the operator to give the server a role or credentials.')
  if (REFUSED_KEYS.has(name))
    return say('AWS does not accept the credentials of the server.', 'Ask the operator to renew the credentials.')
  if (CLOCK.has(name))
    return say('AWS refused the request for its time.', "Ask the operator to set the server's clock right.")
  if (name === 'NoSuchBucket' || name === 'InvalidBucketName')
    return say('The bucket of the lake does not exist.', 'Ask the operator to create it, or to correct S3_BUCKET.')
  if (ELSEWHERE.has(name) || statusOf(error) === 301)
    return say('The bucket of the lake is in another region.', 'Ask the operator to correct AWS_REGION.')
  if (DENIED.has(name) || statusOf(error) === 403)
    return say(`The server may not use ${service} as it needs to.`, `Ask the operator to allow ${action}.`)
  if (SLOW.has(name) || statusOf(error) === 503)
    return fault('AWS_SERVICE_ERROR', `${service} asked for fewer requests.`, { retryAfterSeconds: 10, cause: error })
  if (isUnreached(error)) return say(`${service} did not answer.`)
  return say(`${service} failed in a way that the server did not expect.`)
}

/**
 * Whether a failed write may have been done all the same: there was no answer, or one that says nothing about it.
 * What the service refused (4xx), and what was never sent for want of credentials, was not done.
 */
export function outcomeUnknown(error: unknown): boolean {
  const cause = error instanceof Fault ? error.cause : error
  if (!(cause instanceof Error) || CREDENTIALS.has(cause.name)) return false
  const status = statusOf(cause)
  return status === null ? isUnreached(cause) : status >= 500
}

/** The answer's HTTP status; null where there was none. */
export const statusOf = (error: unknown): number | null =>
  error instanceof Error ? ((error as SdkError).$metadata?.httpStatusCode ?? null) : null

/** Whether the SDK threw it: an answer of the service, no answer, or no credentials to ask with. */
export const isAwsError = (error: unknown): boolean =>
  error instanceof Error && ('$metadata' in error || CREDENTIALS.has(error.name) || isUnreached(error))

/** How often the SDK sent the request, 1 and up: of an answer to a second one nobody knows what the first one did. */
export const attemptsOf = (error: unknown): number =>
  error instanceof Error ? ((error as SdkError).$metadata?.attempts ?? 1) : 1

/** No connection, no answer in time, or one that broke off. */
export const isUnreached = (error: unknown): boolean =>
  error instanceof Error &&
  (error.name === 'TimeoutError' || error.name === 'AbortError' || UNREACHED.has((error as SdkError).code ?? ''))
