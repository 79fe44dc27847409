/** Looks at what the origin stands on, for `GET /admin/health`. */
import { statfs } from 'node:fs/promises'
import { resolve } from 'node:path'
import { ConfigError, type OriginConfig } from '../../shared/config.ts'
import { fault } from '../../shared/fault.ts'
import { DEFAULT_TENANT } from '../../shared/server-info.ts'
import type { EmbeddedPorts } from '../embedded.ts'
import type { StoreCondition } from '../store-probe.ts'
import type { Probes } from './deps.ts'

export function probesOf(
  config: OriginConfig,
  ports: Pick<EmbeddedPorts, 'tables' | 'probeEngine'>,
  store: () => Promise<StoreCondition>,
): Probes {
  const onAws = config.ESTAT_HOME === 'aws'
  return {
    store,
    engine: ports.probeEngine,
    async disk() {
      const { bavail, blocks, bsize } = await statfs(resolve(config.ESTAT_DATA_DIR))
      return { free: bavail * bsize, total: blocks * bsize }
    },
    tables: onAws && config.ESTAT_TABLES === 'glue' ? () => ports.tables.list(DEFAULT_TENANT) : null,
    athena: onAws && config.ATHENA_WORKGROUP !== undefined ? () => workgroup(config) : null,
  }
}

/** @throws Fault AWS_SERVICE_ERROR where the workgroup takes no queries; an error of the SDK where it does not answer. */
async function workgroup({ AWS_REGION: region, AWS_ENDPOINT_URL_ATHENA: endpoint, ATHENA_WORKGROUP }: OriginConfig) {
  if (region === undefined) throw new ConfigError(['AWS_REGION: is required with ESTAT_HOME=aws'])
  const { AthenaClient, GetWorkGroupCommand } = await import('@aws-sdk/client-athena')
  const { awsClientConfig } = await import('../adapters/aws-client.ts')
  const client = new AthenaClient(awsClientConfig({ region, ...(endpoint === undefined ? {} : { endpoint }) }))
  try {
    const { WorkGroup } = await client.send(new GetWorkGroupCommand({ WorkGroup: ATHENA_WORKGROUP }))
    if (WorkGroup?.State === 'DISABLED')
      throw fault('AWS_SERVICE_ERROR', 'The workgroup of Athena is disabled.', { hint: 'Enable it in Athena.' })
  } finally {
    client.destroy()
  }
}
