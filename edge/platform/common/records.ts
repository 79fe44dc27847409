import { dynamoRecords } from '../../../shared/aws/records-dynamodb.ts'
import type { Dynamo } from '../../../shared/aws/dynamodb.ts'
import { diskRecords } from '../../adapters/records-disk.ts'
import { memoryRecords } from '../../adapters/records-memory.ts'
import type { Records } from '../../ports.ts'
import type { StoresOptions } from './stores.ts'

/**
 * Where keys, revocations and the cache's generation are: in the table that all instances share; else in the file that
 * `npm run keys -- --platform file` writes; without either in this process, which then knows no key.
 *
 * @param table null where instances share nothing.
 */
export function recordsOf({ config, now }: Pick<StoresOptions, 'config' | 'now'>, table: Dynamo | null): Records {
  if (table) return dynamoRecords({ dynamo: table, now })
  const { KEYS_FILE: path } = config
  return path === undefined ? memoryRecords({ now }) : diskRecords({ path, now })
}
