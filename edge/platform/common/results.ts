import { awsCredentials } from '../../../shared/aws/credentials.ts'
import { awsSender } from '../../../shared/aws/sender.ts'
import { holding } from '../../../shared/holding.ts'
import { memoryCache } from '../../adapters/cache-memory.ts'
import { s3Cache } from '../../adapters/cache-s3.ts'
import type { ResultCache } from '../../ports.ts'
import type { StoresOptions } from './stores.ts'

/** The result cache: in the bucket that the settings name, for all instances of a region; of this process alone without. */
export function resultsOf({ config, env, now }: Pick<StoresOptions, 'config' | 'env' | 'now'>): ResultCache {
  const { CACHE_BUCKET: bucket, AWS_REGION: region = '', AWS_ENDPOINT_URL_S3: endpoint } = config
  const front = memoryCache({ now })
  if (bucket === undefined) return front
  const send = holding((request) => fetch(request))
  const aws = awsSender({ service: 's3', region, credentials: awsCredentials({ env, send, now }), send })
  const own = `https://${bucket}.s3.${region}.amazonaws.com`
  const bucketUrl = endpoint === undefined ? own : `${endpoint.replace(/\/$/, '')}/${bucket}`
  return s3Cache({ aws, bucketUrl, front, now })
}
