/** Where the figures of a kept CSV file come from, kept beside it: the file has nothing but lines in it. */
import type { SourceInfo } from '../estat/source.ts'
import type { ObjectStore } from '../ports.ts'

const sourceKey = (csvKey: string): string => `${csvKey.replace('/csv/', '/csv-sources/')}.json`

export async function putSource(store: ObjectStore, csvKey: string, source: SourceInfo): Promise<void> {
  await store.put(sourceKey(csvKey), new TextEncoder().encode(JSON.stringify(source)))
}

/** Null for a file that was kept without one. */
export async function sourceOfCsv(store: ObjectStore, csvKey: string): Promise<SourceInfo | null> {
  const bytes = await store.get(sourceKey(csvKey))
  return bytes === null ? null : (JSON.parse(new TextDecoder().decode(bytes)) as SourceInfo)
}
