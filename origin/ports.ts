/**
 * What the tools may ask of the outside world, in our words. Interfaces only: `adapters/` has
 * the versions of each, `main.ts` chooses.
 */
import type { LinkGrant } from '../shared/file-link.ts'
import type { SearchIndex } from './estat/search/index.ts'
import type { DataCatalog } from './estat/decode-data-catalog.ts'
import type { Narrowing, SymbolNote, TableInfo, TableMeta, WireValue } from './estat/model.ts'

/** `live`: e-Stat itself. `sample`: the bundled figures, served by the stand-in. */
export type SourceOrigin = 'live' | 'sample'

export interface Ask {
  readonly lang: 'J' | 'E'
  /** Aborts the request to e-Stat. */
  readonly signal: AbortSignal
  /** Milliseconds since the epoch: nothing is begun that cannot end by then. Absent: no end but the signal's. */
  readonly deadline?: number
  /** The caller's own application ID, in place of the configured one: in no log, no message, no cache key, no file. */
  readonly appId?: string
}

export interface StatsQuery {
  /** statsDataId, ten digits. */
  readonly id: string
  /** ANDed; at most one entry for each axis. */
  readonly narrow: readonly Narrowing[]
}

/** What one answer of getStatsData says of itself. */
interface PageFacts {
  /** Rows that match the query in all, and the 1-based range this page holds. */
  readonly total: number
  readonly from: number
  readonly to: number
  /** First row of the next page, or null on the last one. */
  readonly nextKey: number | null
  readonly info: TableInfo
  readonly notes: readonly SymbolNote[]
}

/** One answer of getStatsData, to be read. */
export interface StatsPage extends PageFacts {
  /** Annotation code to text. */
  readonly annotations: Readonly<Record<string, string>>
  readonly values: readonly WireValue[]
}

/** One answer of getStatsData, to be kept: checked as strictly, and never decoded. */
export interface PackedPage extends PageFacts {
  readonly rows: number
  /** The body exactly as e-Stat sent it (UTF-8 JSON), gzip: what `raw/` keeps. */
  readonly packed: Uint8Array
}

/** e-Stat, through whatever carries it. @throws Fault as each method says; ESTAT_UNAVAILABLE, TIMEOUT_ERROR, CANCELLED from all. */
export interface StatsSource {
  readonly origin: SourceOrigin
  /** Complete class lists. @throws Fault NOT_FOUND for an unknown table; NO_DATA for one the sample knows by name alone. */
  describe(id: string, ask: Ask): Promise<TableMeta>
  /** Rows that match; 0 is an answer. */
  count(query: StatsQuery, ask: Ask): Promise<number>
  /** @param limit 1 to 100,000. @throws Fault NO_DATA where nothing matches. */
  page(query: StatsQuery, range: { readonly start: number; readonly limit: number }, ask: Ask): Promise<StatsPage>
  /** The same page to keep, a tenth of its size in memory. @throws Fault as `page`. */
  packed(query: StatsQuery, range: { readonly start: number; readonly limit: number }, ask: Ask): Promise<PackedPage>
  /** Whether e-Stat answered lately, for `/health`. Absent: it cannot fail. */
  readonly condition?: () => 'ok' | 'failing'
}

/** One table as the catalogue lists it: TABLE_INF where recorded, else what is known of it, rest null. */
export interface CatalogueEntry extends TableInfo {
  /** True where rows can be fetched without an application ID. */
  readonly bundled: boolean
}

/** What search answers from. `origin` and `index()` change together, when a newly built catalogue takes over. */
export interface StatsCatalogue {
  readonly origin: SourceOrigin
  readonly index: () => SearchIndex
  /** Where a catalogue of all of e-Stat stands; null where there is none to come. */
  readonly status: () => CatalogueStatus | null
  /** Names what `index()` holds and says of itself: the same text, the same answers. Null or absent where nothing tells. */
  readonly version?: () => string | null
  /** e-Stat's own lists; null where only a sample answers. */
  readonly lists: StatsLists | null
}

export interface CatalogueStatus {
  /** `building`: the first one is being fetched, and until then the bundled sample is searched. */
  readonly state: 'building' | 'ready'
  /** Listings fetched so far, and in all, of the build under way, and about how long it takes yet; null between builds. */
  readonly progress: CatalogueProgress | null
  /** Day that the catalogue in use was last compared with e-Stat, `yyyy-mm-dd`; null before the first. */
  readonly asOf: string | null
}

export interface CatalogueProgress {
  readonly listed: number
  /** Null before the first page has come. */
  readonly total: number | null
  /** At the pace so far; null where there is none yet. */
  readonly secondsLeft: number | null
}

/** getStatsList without explanations; conditions are ANDed (manual 3.0, 統計表情報取得). */
export interface ListQuery {
  /** Words joined by one kind of operator. */
  readonly searchWord?: string
  /** 1 statistics (e-Stat's default), 2 small areas and meshes. */
  readonly searchKind?: '1' | '2'
  /** `yyyymmdd-yyyymmdd`. */
  readonly updatedDate?: string
  /** 1-based. */
  readonly start: number
  readonly limit: number
}

export interface ListPage {
  /** Listings that match in all: more than tables, since e-Stat repeats a table for each COLLECT_AREA. */
  readonly total: number
  /** Of the next page; null on the last one. */
  readonly nextKey: number | null
  /** Distinct by id within this page. */
  readonly tables: readonly TableInfo[]
}

export interface StatsLists {
  /** False: without an application ID of its caller's own nobody is answered. */
  readonly configured: boolean
  /**
   * Asked again after a failure that may pass, as long as the deadline leaves time.
   *
   * @throws Fault ESTAT_UNAVAILABLE, ESTAT_API_ERROR (without an ID as well), TIMEOUT_ERROR, CANCELLED. Nothing found is an empty page.
   */
  list(query: ListQuery, ask: Omit<Ask, 'lang'>): Promise<ListPage>
}

/** getDataCatalog; conditions are ANDed (manual 3.0, データカタログ情報取得). */
export interface FilesQuery {
  /** All of them have to be there; at least one. */
  readonly words: readonly string[]
  /** Five digits of an organisation or eight of a survey. */
  readonly statsCode: string | null
  /** XLS, CSV, PDF, XML, XLS_REP, DB; none: all. */
  readonly formats: readonly string[]
  /** 1-based, and how many, of data sets: e-Stat does not count files. */
  readonly start: number
  readonly limit: number
}

export type FilesPage = DataCatalog

/** The files of e-Stat's data catalogue. The bundled sample has none. */
export interface StatsFiles {
  /** False: without an application ID of its caller's own nobody is answered. */
  readonly configured: boolean
  /**
   * @param waitMs Milliseconds that this one question may take, its turn included.
   * @returns Null where e-Stat did not answer within them. Nothing found is an empty page.
   * @throws Fault ESTAT_UNAVAILABLE, ESTAT_API_ERROR (without an ID as well), CANCELLED, TIMEOUT_ERROR.
   */
  find(query: FilesQuery, ask: Ask, waitMs: number): Promise<FilesPage | null>
}

export interface ObjectInfo {
  readonly key: string
  readonly size: number
  /** Milliseconds since the epoch. */
  readonly modified: number
  /** Another one for other bytes, and of characters that an entity tag may hold (RFC 9110, 8.8.3). Only `head` tells it. */
  readonly version?: string
}

/**
 * Objects by key ("a/b/c", UTF-8, no leading slash, no "..": INVALID_PARAMETER). A write is whole or absent, never half.
 */
export interface ObjectStore {
  /** The bucket's name: keys print as `s3://<bucket>/<key>` on every home. */
  readonly bucket: string
  get(key: string): Promise<Uint8Array | null>
  /**
   * The object as a stream, from byte `from` (0 where absent) to its end; null where there is none.
   *
   * @param version Of `head`: null too where the object is another one by now.
   */
  stream(key: string, from?: number, version?: string): Promise<ReadableStream<Uint8Array> | null>
  head(key: string): Promise<ObjectInfo | null>
  /** With `ifAbsent`, answers false and writes nothing where the key exists already. */
  put(
    key: string,
    body: Uint8Array | AsyncIterable<Uint8Array>,
    options?: { readonly ifAbsent?: boolean },
  ): Promise<boolean>
  /** In order of key. */
  list(prefix: string): Promise<readonly ObjectInfo[]>
  /** Deleting what is not there is no error. */
  delete(key: string): Promise<void>
  /** A path that an engine on this machine can read: the object itself or a cached copy of an immutable one. */
  localPath(key: string): Promise<string>
  /** Moves a finished local file in under a new key; the file is gone afterwards. */
  putFile(key: string, path: string): Promise<void>
  /** Takes away what killed writers left unfinished and nobody touched since. Absent: the store does so by itself. */
  clearUnfinished?(before: number): Promise<void>
}

/** The disk that server and caller share where they are one machine. Elsewhere a path of the caller's means nothing. */
export interface SharedDisk {
  /** False: they are, or may be, two machines. Nothing is read or written by a caller's path then. */
  readonly shared: boolean
  /** The lake's key of a file on this machine (relative ones are of the data folder); null for one outside the lake. */
  keyOf(path: string): string | null
  /**
   * Writes a file into the tenant's download folder (relative ones are of that folder) and nowhere else. `outside`: the
   * path leads elsewhere; `taken`: a file is there. Neither writes anything.
   */
  save(
    tenant: string,
    path: string,
    body: ReadableStream<Uint8Array>,
  ): Promise<{ readonly outcome: 'saved'; readonly path: string } | { readonly outcome: 'outside' | 'taken' }>
}

export * from './lake/ports.ts'
export type { JobRunner, JobStore } from './jobs/ports.ts'
import type { JobRunner, JobStore } from './jobs/ports.ts'
import type { ParquetWriter, QueryEngine, TableCatalog } from './lake/ports.ts'

/** Makes links to kept files that the edge believes. */
export interface FileLinks {
  /** The edge's address for those who ask the origin directly, without a trailing slash; null where it is not known. */
  readonly publicUrl: string | null
  /** The path of a signed link, query and all; null where there is no key to sign with. */
  readonly sign: ((grant: LinkGrant, now: number, seconds: number) => Promise<string>) | null
}

/** Everything a tool may name in `needs`. */
export interface Ports {
  readonly stats: StatsSource
  readonly catalogue: StatsCatalogue
  readonly files: StatsFiles
  readonly store: ObjectStore
  readonly disk: SharedDisk
  readonly parquet: ParquetWriter
  readonly tables: TableCatalog
  readonly engine: QueryEngine
  readonly jobs: JobStore
  readonly runner: JobRunner
  readonly links: FileLinks
}
