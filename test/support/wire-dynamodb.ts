/** A DynamoDB that speaks the wire protocol (dynalite), in this process, with the edge's one table. */
import type { AddressInfo } from 'node:net'
import dynalite from 'dynalite'
import { type Dynamo, dynamo } from '../../shared/aws/dynamodb.ts'
import { awsSender } from '../../shared/aws/sender.ts'

export interface WireDynamo {
  readonly endpoint: string
  readonly table: string
  readonly dynamo: Dynamo
  /** What an entry is told to reach it: endpoint, region and credentials of the AWS environment. */
  readonly env: Readonly<Record<string, string>>
  close(): Promise<void>
}

const REGION = 'ap-northeast-1'
const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wire-secret' }

export async function wireDynamo(table = 'estat-edge'): Promise<WireDynamo> {
  const server = dynalite({ createTableMs: 0 })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const credentials = () => Promise.resolve(CREDENTIALS)
  const aws = awsSender({ service: 'dynamodb', region: REGION, credentials, send: (request) => fetch(request) })
  const made = await aws({
    url: `${endpoint}/`,
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'DynamoDB_20120810.CreateTable' },
    body: JSON.stringify({
      TableName: table,
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  })
  if (!made.ok) throw new Error(`dynalite made no table: ${await made.text()}`)
  const client = dynamo({ endpoint, table, aws })
  await active(aws, endpoint, table)
  return {
    endpoint,
    table,
    dynamo: client,
    env: {
      AWS_ENDPOINT_URL_DYNAMODB: endpoint,
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      EDGE_TABLE: table,
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** A table is made behind the answer. */
async function active(aws: ReturnType<typeof awsSender>, endpoint: string, table: string): Promise<void> {
  for (;;) {
    const response = await aws({
      url: `${endpoint}/`,
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'DynamoDB_20120810.DescribeTable' },
      body: JSON.stringify({ TableName: table }),
    })
    const { Table } = (await response.json()) as { Table?: { TableStatus: string } }
    if (Table?.TableStatus === 'ACTIVE') return
  }
}
