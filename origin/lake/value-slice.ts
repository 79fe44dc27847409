/**
 * Cuts the rows out of a getStatsData body without parsing them: the bytes of
 * `GET_STATS_DATA.STATISTICAL_DATA.DATA_INF.VALUE`, chunk by chunk, for DuckDB to read.
 *
 * A page of 100,000 rows is some 12 MB of JSON; as JavaScript objects it would be ten times that.
 */

/** What the body says beside its rows. */
export interface SliceResult {
  /** Elements of VALUE; 0 where it is absent. */
  readonly rows: number
  /** What the cut bytes are: one row comes from e-Stat without its array (one-element collapse). */
  readonly shape: 'array' | 'object' | 'none'
  /** RESULT_INF and DATA_INF.ANNOTATION, parsed; null where the body has none. */
  readonly resultInf: unknown
  readonly annotation: unknown
}

/** Keys below the root object's one key (GET_STATS_DATA), joined by ".". */
const VALUE = 'STATISTICAL_DATA.DATA_INF.VALUE'
const RESULT_INF = 'STATISTICAL_DATA.RESULT_INF'
const ANNOTATION = 'STATISTICAL_DATA.DATA_INF.ANNOTATION'
/** Containers around VALUE: root, GET_STATS_DATA, STATISTICAL_DATA, DATA_INF. Keys matter down to here. */
const DEEPEST = 4
const LONGEST_KEY = 64

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/**
 * Feed it every chunk in order; the answers of `push` together are the bytes of VALUE. It follows strings and
 * nesting, and leaves the JSON inside rows to the reader: what is not JSON there fails when it is read.
 */
export class ValueSlicer {
  /** The key and the kind of each container around the current byte, outermost first. */
  private readonly keys: string[] = []
  private readonly isObject: boolean[] = []
  private depth = 0
  private inString = false
  private escaped = false
  /** Bytes of the string being read, while it may be a key that matters. */
  private keyBytes: number[] | null = null
  private expectsKey = false
  private lastKey = ''
  /** Path being kept, and the depth of its container. */
  private path: string | null = null
  private pathDepth = 0
  private rows = 0
  private shape: SliceResult['shape'] = 'none'
  private readonly kept = new Map<string, number[]>([
    [RESULT_INF, []],
    [ANNOTATION, []],
  ])

  push(chunk: Uint8Array): readonly Uint8Array[] {
    const pieces: Uint8Array[] = []
    let from = 0
    for (let at = 0; at < chunk.length; at += 1) {
      if (this.inString) {
        at = this.skipString(chunk, at)
        continue
      }
      const byte = chunk[at] as number
      if (byte === QUOTE) this.openString()
      else if (byte === COMMA) this.expectsKey = this.keysMatter()
      else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
        if (this.open(byte === OPEN_OBJECT)) from = at
      } else if ((byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) && this.close()) {
        this.keep(chunk.subarray(from, at + 1), pieces)
        this.path = null
      }
    }
    if (this.path !== null) this.keep(chunk.subarray(from), pieces)
    return pieces
  }

  /** @throws TypeError where the body breaks off. */
  end(): SliceResult {
    if (this.depth !== 0 || this.inString) throw new TypeError('the body breaks off')
    const { rows, shape } = this
    return { rows, shape, resultInf: this.parsed(RESULT_INF), annotation: this.parsed(ANNOTATION) }
  }

  /** @returns the index of the string's closing quote, or of the chunk's last byte. */
  private skipString(chunk: Uint8Array, start: number): number {
    let at = start
    for (; at < chunk.length; at += 1) {
      const byte = chunk[at] as number
      if (this.escaped) this.escaped = false
      else if (byte === BACKSLASH) this.escaped = true
      else if (byte === QUOTE) {
        this.inString = false
        if (this.keyBytes !== null) this.lastKey = String.fromCharCode(...this.keyBytes)
        return at
      }
      if (this.keyBytes !== null && this.keyBytes.length < LONGEST_KEY) this.keyBytes.push(byte)
    }
    return at
  }

  private openString(): void {
    this.inString = true
    this.keyBytes = this.expectsKey ? [] : null
    this.expectsKey = false
  }

  /** @returns true where the container is the start of something to keep. */
  private open(object: boolean): boolean {
    const starts = this.path === null && this.depth <= DEEPEST && this.startPath(object)
    if (object && this.path === VALUE && this.depth === this.pathDepth + (this.shape === 'array' ? 1 : 0))
      this.rows += 1
    this.keys[this.depth] = this.lastKey
    this.isObject[this.depth] = object
    this.depth += 1
    this.expectsKey = this.keysMatter()
    return starts
  }

  private startPath(object: boolean): boolean {
    const path = [...this.keys.slice(2, this.depth), this.lastKey].join('.')
    const isMember = this.isObject[this.depth - 1] === true
    if (!isMember || (path !== VALUE && !this.kept.has(path))) return false
    this.path = path
    this.pathDepth = this.depth
    if (path === VALUE) this.shape = object ? 'object' : 'array'
    return true
  }

  /** @returns true where the container that ends is what is being kept. */
  private close(): boolean {
    this.depth -= 1
    this.expectsKey = false
    return this.path !== null && this.depth === this.pathDepth
  }

  private keysMatter(): boolean {
    return this.path === null && this.depth <= DEEPEST && this.isObject[this.depth - 1] === true
  }

  private keep(bytes: Uint8Array, pieces: Uint8Array[]): void {
    if (this.path === VALUE) pieces.push(bytes)
    else if (this.path !== null) for (const byte of bytes) this.kept.get(this.path)?.push(byte)
  }

  private parsed(path: string): unknown {
    const bytes = this.kept.get(path) ?? []
    return bytes.length === 0 ? null : JSON.parse(new TextDecoder().decode(Uint8Array.from(bytes)))
  }
}
