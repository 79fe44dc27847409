/** Takes away what the verification made, whatever state it is in. */
import { DeleteDatabaseCommand, DeleteTableCommand, GetTablesCommand, GlueClient } from '@aws-sdk/client-glue'
import { awsClientConfig } from '../../../origin/adapters/aws-client.ts'
import type { ObjectStore } from '../../../origin/ports.ts'
import { DATASET, type VerifySettings } from './settings.ts'

/** @returns What could not be taken away, in words for a person who does it by hand. */
export async function cleanUp(
  { config, tenant, database }: VerifySettings,
  store: ObjectStore,
): Promise<readonly string[]> {
  const left: string[] = []
  const attempt = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    await work().catch((error: unknown) => {
      if (!(error instanceof Error && error.name === 'EntityNotFoundException')) left.push(what)
    })
  }
  const endpoint = config.AWS_ENDPOINT_URL_GLUE
  const aws = awsClientConfig({ region: config.AWS_REGION ?? '', ...(endpoint === undefined ? {} : { endpoint }) })
  const glue = new GlueClient(aws)
  await attempt(`the Glue database ${database}`, async () => {
    const { TableList = [] } = await glue.send(new GetTablesCommand({ DatabaseName: database }))
    for (const { Name } of TableList) await glue.send(new DeleteTableCommand({ DatabaseName: database, Name }))
    await glue.send(new DeleteDatabaseCommand({ Name: database }))
  })
  // Raw pages are no tenant's own: the fetch is known by its id (`account.ts`).
  for (const prefix of [`${tenant}/`, `raw/${DATASET}/${tenant}-`])
    await attempt(`the objects under s3://${store.bucket}/${prefix}`, async () => {
      for (const { key } of await store.list(prefix)) await store.delete(key)
    })
  return left
}
