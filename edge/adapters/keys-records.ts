import { keyOf } from '../../shared/key-admin.ts'
import { recordName } from '../../shared/keys.ts'
import type { Report } from '../env.ts'
import type { KeyStore, Records } from '../ports.ts'

export interface RecordKeysOptions {
  /** With a short memory in front (`recent-records.ts`): every request asks. */
  readonly records: Pick<Records, 'get'>
  readonly report: Report
}

/** Keys by id in any store of records, JSON of `KeyRecord` under `key:<id>`. One that was revoked is not there. */
export const recordKeys = ({ records, report }: RecordKeysOptions): KeyStore => ({
  async find(id) {
    const text = await records.get(recordName(id))
    const key = keyOf(text)
    // A record that is not one opens nothing.
    if (text !== null && !key) report(new Error('a key record has the wrong form'), 'key store')
    return key?.revoked === undefined ? key : null
  },
})
