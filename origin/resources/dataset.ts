import { UriTemplate } from '@modelcontextprotocol/server'
import { completeDatasets } from '../completion/datasets.ts'
import type { ResourceKind } from './define-resource.ts'
import { lastPart, queryOf } from './uri.ts'

/** A table's metadata, as `describe_dataset` has it. */
export const datasetResource: ResourceKind = {
  name: 'dataset',
  title: '統計表の構造 · A table of e-Stat',
  description: 'Axes, codes, units and time span of a table, as describe_dataset answers. Names in English: ?lang=E.',
  mimeType: 'application/json',
  template: new UriTemplate('estat://dataset/{id}'),
  variable: 'id',
  scope: 'read',
  // Tables change once a day at the most, and the edge keeps the same answer longer.
  keep: { ttlMs: 600_000, cacheScope: 'public' },
  complete: (typed, { ports }) => completeDatasets(typed, ports.catalogue.index()),
  async read(uri, { call }) {
    const { lang } = queryOf(uri)
    const described = await call('describe_dataset', { dataset_id: lastPart(uri), lang })
    return [{ mimeType: 'application/json', text: JSON.stringify(described) }]
  },
}
