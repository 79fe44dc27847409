/** What passes between the server and its DuckDB process, and how both ends make sure of it. */
import * as z from 'zod'
import { Fault, type FaultCode, FAULTS, fault } from '../../shared/fault.ts'
import { DATA_TYPES, type LakeColumn, type ParquetFile, type ParquetJob, type Rest } from '../lake/ports.ts'
import type { SelectAnswer, SelectWork } from './query-duckdb-run.ts'
import type { WriteWork } from './duckdb-work.ts'
import type { RestsWork, UniqueWork } from './parquet-merge-work.ts'

const path = z
  .string()
  .startsWith('/')
  .or(z.string().regex(/^[A-Za-z]:\\/))
const size = z.object({ memoryMb: z.int().min(1), threads: z.int().min(1) })
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null
const columns = z.custom<readonly LakeColumn[]>(
  (value) => Array.isArray(value) && value.every((one) => isObject(one) && Number.isInteger(one.fieldId)),
)

const WriteShape = z.object({
  pages: z.array(path),
  folder: path,
  target: path,
  // Checked where they were read: the manifest of a fetch.
  meta: z.custom<ParquetJob['meta']>(isObject),
  notes: z.custom<ParquetJob['notes']>(Array.isArray),
  roles: z.custom<ParquetJob['roles']>(isObject),
  fetchId: z.string(),
  retrievedAt: z.string(),
  dataType: z.enum(DATA_TYPES),
  properties: z.record(z.string(), z.string()),
}) satisfies z.ZodType<WriteWork>

const SelectShape = z.object({
  sql: z.string(),
  tables: z.array(z.object({ name: z.string(), columns, paths: z.array(path) })),
  database: z.string(),
  maxRows: z.int().min(1),
}) satisfies z.ZodType<SelectWork>

const UniqueShape = z.object({ files: z.array(path), columns, folder: path }) satisfies z.ZodType<UniqueWork>
const RestsShape = UniqueShape.extend({
  olds: z.array(z.object({ path, rows: z.int().min(0) })),
}) satisfies z.ZodType<RestsWork>

/** To the child. `start` comes first and once. */
const ORDER = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('start'), options: z.object({ tempDir: path, write: size, query: size }) }),
  z.object({ kind: z.literal('write'), id: z.int(), work: WriteShape }),
  z.object({ kind: z.literal('inspect'), id: z.int(), work: path }),
  z.object({ kind: z.literal('select'), id: z.int(), work: SelectShape }),
  z.object({ kind: z.literal('unique'), id: z.int(), work: UniqueShape }),
  z.object({ kind: z.literal('rests'), id: z.int(), work: RestsShape }),
  z.object({ kind: z.literal('cancel'), id: z.int() }),
])
export type Order = z.infer<typeof ORDER>

const failure = z.object({
  code: z.enum(Object.keys(FAULTS) as [FaultCode, ...FaultCode[]]),
  message: z.string(),
  hint: z.string(),
  /** What lay beneath, for the log alone. */
  cause: z.string(),
})

/** Of a check that found nothing wrong: an empty list. */
export type Result = ParquetFile | SelectAnswer | readonly Rest[]

/** From the child: what a piece of work gave, or why it gave nothing. */
const REPLY = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('done'), id: z.int(), result: z.custom<Result>(isObject) }),
  z.object({ kind: z.literal('failed'), id: z.int(), failure }),
])
export type Reply = z.infer<typeof REPLY>

/** @throws ZodError for anything else. */
export const readOrder = (message: unknown): Order => ORDER.parse(message)
/** @throws ZodError for anything else. */
export const readReply = (message: unknown): Reply => REPLY.parse(message)

/** A failure as it travels: in our words, as any fault is; what is none is one of ours. */
export function packFailure(error: unknown): z.infer<typeof failure> {
  const known = error instanceof Fault ? error : fault('INTERNAL_ERROR', 'The work failed.', { cause: error })
  const { code, message, hint, cause } = known
  return { code, message, hint, cause: cause instanceof Error ? `${cause.name}: ${cause.message}` : '' }
}

export const unpackFailure = ({ code, message, hint, cause }: z.infer<typeof failure>): Fault =>
  fault(code, message, { hint, ...(cause === '' ? {} : { cause: new Error(cause) }) })
