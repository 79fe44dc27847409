/** Compression as every runtime has it (Compression Streams standard). */
const through = async (
  bytes: Uint8Array<ArrayBuffer>,
  stream: CompressionStream | DecompressionStream,
): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer())

/** A value as gzipped JSON. */
export const packJson = (value: unknown): Promise<Uint8Array<ArrayBuffer>> =>
  through(new TextEncoder().encode(JSON.stringify(value)), new CompressionStream('gzip'))

/** @throws Error for what is not gzip, not whole, not JSON. */
export const unpackJson = async (bytes: Uint8Array<ArrayBuffer>): Promise<unknown> =>
  JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(await through(bytes, new DecompressionStream('gzip'))))
