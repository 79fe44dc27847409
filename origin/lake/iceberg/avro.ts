/**
 * Avro object container files (Avro specification 1.11, "Object Container Files"), as Iceberg keeps its manifests.
 *
 * Records are encoded by avsc. The frame around them is written here, because the header must carry the schema's
 * own text: avsc prints a schema without the attributes it does not know, and Iceberg finds fields by `field-id`.
 * 64-bit integers are bigints throughout.
 */
import avro from 'avsc'
import { fault } from '../../../shared/fault.ts'

const MAGIC = Uint8Array.of(0x4f, 0x62, 0x6a, 0x01)
const SYNC_BYTES = 16
const RECORDS_IN_BLOCK = 1000
/** PyIceberg cuts zlib's frame off and leaves three bytes of its checksum behind the stream. Four is all there is of it. */
const MOST_JUNK = 4

/** avsc's `long` reads 64 bits into a number; this one keeps them all. */
// oxlint-disable-next-line no-underscore-dangle -- the name is avsc's
const longType = avro.types.LongType.__with({
  fromBuffer: (buffer: Buffer) => buffer.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const buffer = Buffer.alloc(8)
    buffer.writeBigInt64LE(value)
    return buffer
  },
  fromJSON: BigInt,
  toJSON: String,
  isValid: (value: unknown) => typeof value === 'bigint' && BigInt.asIntN(64, value) === value,
  compare: (a: bigint, b: bigint) => (a < b ? -1 : a > b ? 1 : 0),
})

const typeOf = (schema: unknown): avro.Type =>
  avro.Type.forSchema(schema as avro.Schema, { registry: { long: longType }, wrapUnions: false })

/** Header entries: `bytes` values in Avro, text for all that Iceberg writes. */
const headerType = avro.Type.forSchema({ type: 'map', values: 'bytes' })

export interface AvroFile {
  readonly header: Readonly<Record<string, string>>
  readonly schema: unknown
  readonly records: readonly unknown[]
}

/**
 * @param header Iceberg's own entries, beside the schema and the codec.
 * @param sync 16 bytes that no other file has.
 */
export async function encodeAvro(
  schema: unknown,
  records: readonly unknown[],
  header: Readonly<Record<string, string>>,
  sync: Uint8Array,
): Promise<Uint8Array> {
  if (sync.length !== SYNC_BYTES) throw new TypeError('a sync marker has 16 bytes')
  const type = typeOf(schema)
  const entries = { 'avro.schema': JSON.stringify(schema), 'avro.codec': 'deflate', ...header }
  const bytes = Object.fromEntries(Object.entries(entries).map(([key, text]) => [key, Buffer.from(text)]))
  const parts: Uint8Array[] = [MAGIC, headerType.toBuffer(bytes), sync]
  for (let at = 0; at < records.length; at += RECORDS_IN_BLOCK) {
    const block = records.slice(at, at + RECORDS_IN_BLOCK)
    const body = await through(
      new CompressionStream('deflate-raw'),
      joined(block.map((record) => type.toBuffer(record))),
    )
    parts.push(varint(block.length), varint(body.length), body, sync)
  }
  return joined(parts)
}

/** @throws Fault DATA_TRANSFORM_ERROR where the bytes are no such file or use a codec other than null and deflate. */
export async function decodeAvro(file: Uint8Array): Promise<AvroFile> {
  try {
    return await decode(Buffer.from(file.buffer, file.byteOffset, file.byteLength))
  } catch (error) {
    throw fault('DATA_TRANSFORM_ERROR', 'A metadata file of the table is damaged or of an unknown kind.', {
      cause: error,
    })
  }
}

async function decode(file: Buffer): Promise<AvroFile> {
  if (!MAGIC.every((byte, at) => file[at] === byte)) throw new TypeError('no Avro container')
  const { value, offset } = headerType.decode(file, MAGIC.length)
  const header = Object.fromEntries(
    Object.entries(value as Record<string, Buffer>).map(([key, text]) => [key, text.toString()]),
  )
  const schema: unknown = JSON.parse(header['avro.schema'] ?? '')
  const type = typeOf(schema)
  const sync = file.subarray(offset, offset + SYNC_BYTES)
  const records: unknown[] = []
  for (let at = offset + SYNC_BYTES; at < file.length; ) {
    const count = readVarint(file, at)
    const size = readVarint(file, count.end)
    const body = await inflate(header['avro.codec'] ?? 'null', file.subarray(size.end, size.end + size.value))
    for (let from = 0, left = count.value; left > 0; left -= 1) {
      const record = type.decode(body, from)
      records.push(record.value)
      from = record.offset
    }
    at = size.end + size.value + SYNC_BYTES
    if (!file.subarray(at - SYNC_BYTES, at).equals(sync)) throw new TypeError('a block ends without its sync marker')
  }
  return { header, schema, records }
}

async function inflate(codec: string, body: Buffer): Promise<Buffer> {
  if (codec === 'null') return body
  if (codec !== 'deflate') throw new TypeError(`codec ${codec}`)
  for (let junk = 0; ; junk += 1) {
    try {
      return Buffer.from(await through(new DecompressionStream('deflate-raw'), body.subarray(0, body.length - junk)))
    } catch (error) {
      if (junk === MOST_JUNK) throw error
    }
  }
}

const through = async (transform: CompressionStream | DecompressionStream, bytes: Uint8Array): Promise<Uint8Array> =>
  new Uint8Array(await new Response(new Blob([new Uint8Array(bytes)]).stream().pipeThrough(transform)).arrayBuffer())

/** Avro's variable-length zig-zag integer. Counts and sizes: never negative, below 2^31. */
function varint(value: number): Uint8Array {
  const bytes: number[] = []
  for (let left = value * 2; ; left = Math.floor(left / 128)) {
    if (left < 128) return Uint8Array.from([...bytes, left])
    bytes.push((left % 128) + 128)
  }
}

function readVarint(bytes: Uint8Array, start: number): { readonly value: number; readonly end: number } {
  let value = 0
  for (let at = start, scale = 1; at < bytes.length; at += 1, scale *= 128) {
    const byte = bytes[at] as number
    value += (byte % 128) * scale
    if (byte < 128) return { value: value / 2, end: at + 1 }
  }
  throw new TypeError('the file breaks off')
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
