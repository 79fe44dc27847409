import { awsCredentials } from '../../../shared/aws/credentials.ts'
import { type Dynamo, dynamo } from '../../../shared/aws/dynamodb.ts'
import { awsSender } from '../../../shared/aws/sender.ts'
import { holding } from '../../../shared/holding.ts'
import type { StoresOptions } from './stores.ts'

/** The one DynamoDB table of the edge: records, counters, flights. */
export function tableOf({ config, env, now }: Pick<StoresOptions, 'config' | 'env' | 'now'>): Dynamo {
  const { EDGE_TABLE: table, AWS_REGION: region = '', AWS_ENDPOINT_URL_DYNAMODB } = config
  const send = holding((request) => fetch(request))
  const aws = awsSender({ service: 'dynamodb', region, credentials: awsCredentials({ env, send, now }), send })
  return dynamo({ endpoint: AWS_ENDPOINT_URL_DYNAMODB ?? `https://dynamodb.${region}.amazonaws.com`, table, aws })
}
