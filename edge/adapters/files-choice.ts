import { ConfigError, type EdgeConfig } from '../../shared/config.ts'
import type { CredentialSource } from '../../shared/aws/credentials.ts'
import type { Report } from '../env.ts'
import type { FileSource } from '../ports.ts'
import { s3Files } from './files-s3.ts'

export interface FilesChoiceOptions {
  /** The platform's own credentials for AWS; null where it has none. */
  readonly credentials: (() => CredentialSource) | null
  readonly send: (request: Request) => Promise<Response>
  readonly report: Report
}

/** Under the time after which clients give up; S3 begins an answer within a fraction of a second. */
const TIMEOUT_MS = 20_000

/**
 * The bucket that the settings name; null where they name none, and the origin is asked.
 *
 * @throws ConfigError where there is nothing to sign with.
 */
export function filesOf(config: EdgeConfig, { credentials, send, report }: FilesChoiceOptions): FileSource | null {
  const { FILES_BUCKET: bucket, FILES_ENDPOINT: endpoint, FILES_REGION: region } = config
  if (bucket === undefined) return null
  return s3Files({
    bucket,
    region,
    send,
    report,
    timeoutMs: TIMEOUT_MS,
    ...(endpoint === undefined ? {} : { endpoint: endpoint.replace(/\/$/, '') }),
    credentials: credentialsOf(config, credentials),
  })
}

function credentialsOf(config: EdgeConfig, otherwise: FilesChoiceOptions['credentials']): CredentialSource {
  const { FILES_ACCESS_KEY_ID: accessKeyId, FILES_SECRET_ACCESS_KEY: secretAccessKey } = config
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined))
    throw new ConfigError(['FILES_ACCESS_KEY_ID: and FILES_SECRET_ACCESS_KEY belong together'])
  if (accessKeyId !== undefined && secretAccessKey !== undefined)
    return () => Promise.resolve({ accessKeyId, secretAccessKey })
  if (otherwise !== null) return otherwise()
  throw new ConfigError(['FILES_ACCESS_KEY_ID: is required with FILES_BUCKET on this platform'])
}
