/**
 * Whether bytes are JSON in UTF-8, chunk by chunk and without making anything of them: what `JSON.parse` of the decoded
 * text would refuse is refused here (RFC 8259; RFC 3629 for the UTF-8). One table look-up for each byte.
 */

const RANGE = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at)
const CODES = (text: string): readonly number[] => Array.from(text, (sign) => sign.charCodeAt(0))
const SPACE = CODES(' \t\n\r')
const DIGITS = CODES('0123456789')
const HEX = CODES('0123456789abcdefABCDEF')

/** What follows the containers, which the table alone cannot tell; in the table beside states. 0: no rule allows it. */
const OPEN_OBJECT = 1
const OPEN_ARRAY = 2
const CLOSE_OBJECT = 3
const CLOSE_ARRAY = 4
const COMMA = 5
/** The first number that is a state. */
const FIRST_STATE = 6

/** Deeper than any answer of e-Stat (7), so that no body makes the stack grow. */
const DEEPEST = 256

type Target = number | string

/** Rows of 256: for each state, what a byte leads to. Built once, by name. */
function machine(): { readonly table: Uint8Array; readonly state: (name: string) => number } {
  const names = new Map<string, number>()
  const table = new Uint8Array(256 * 64)
  const state = (name: string): number => {
    if (!names.has(name)) names.set(name, FIRST_STATE + names.size)
    return names.get(name) as number
  }
  const on = (from: string, bytes: readonly number[], to: Target): void => {
    for (const byte of bytes) table[state(from) * 256 + byte] = typeof to === 'string' ? state(to) : to
  }
  const each = (from: string, text: string, to: Target): void => on(from, CODES(text), to)

  // A byte order mark is no part of the text (Encoding Standard, "UTF-8 decode"): once, before anything else.
  on('start', [0xef], 'mark 2')
  on('mark 2', [0xbb], 'mark 3')
  on('mark 3', [0xbf], 'value')
  for (const from of ['start', 'value', 'first value']) {
    on(from, SPACE, from === 'first value' ? from : 'value')
    each(from, '{', OPEN_OBJECT)
    each(from, '[', OPEN_ARRAY)
    each(from, '"', 'text')
    each(from, '-', 'minus')
    each(from, '0', 'zero')
    each(from, '123456789', 'whole')
    for (const word of ['true', 'false', 'null']) each(from, word.slice(0, 1), word.slice(0, 1))
  }
  each('first value', ']', CLOSE_ARRAY)
  for (const word of ['true', 'false', 'null'])
    for (let at = 1; at < word.length; at++)
      each(word.slice(0, at), word.slice(at, at + 1), at + 1 === word.length ? 'after' : word.slice(0, at + 1))
  for (const from of ['first key', 'key']) {
    on(from, SPACE, from)
    each(from, '"', 'name')
  }
  each('first key', '}', CLOSE_OBJECT)
  on('colon', SPACE, 'colon')
  each('colon', ':', 'value')
  strings(on, 'text', 'after')
  strings(on, 'name', 'colon')

  each('minus', '0', 'zero')
  each('minus', '123456789', 'whole')
  on('whole', DIGITS, 'whole')
  for (const from of ['zero', 'whole']) each(from, '.', 'point')
  for (const from of ['point', 'fraction']) on(from, DIGITS, 'fraction')
  for (const from of ['zero', 'whole', 'fraction']) each(from, 'eE', 'power')
  each('power', '+-', 'signed power')
  for (const from of ['power', 'signed power', 'digits of a power']) on(from, DIGITS, 'digits of a power')
  for (const from of ENDS) {
    on(from, SPACE, 'after')
    each(from, ',', COMMA)
    each(from, '}', CLOSE_OBJECT)
    each(from, ']', CLOSE_ARRAY)
  }
  return { table, state }
}

/** Where a value is whole, or may be: a number has no end of its own. */
const ENDS = ['after', 'zero', 'whole', 'fraction', 'digits of a power']

/** A string and its UTF-8 (RFC 3629, section 4: no overlong forms, no surrogates, nothing above U+10FFFF). */
function strings(on: (from: string, bytes: readonly number[], to: Target) => void, text: string, after: string): void {
  on(text, RANGE(0x20, 0x7f), text)
  on(text, CODES('"'), after)
  on(text, CODES('\\'), `${text} escape`)
  on(`${text} escape`, CODES('"\\/bfnrt'), text)
  on(`${text} escape`, CODES('u'), `${text} u4`)
  for (let left = 4; left > 0; left--) on(`${text} u${left}`, HEX, left === 1 ? text : `${text} u${left - 1}`)
  const more = (bytes: readonly number[], second: readonly number[], left: number): void => {
    const next = `${text} ${bytes[0]}`
    on(text, bytes, next)
    on(next, second, left === 0 ? text : `${text} tail ${left}`)
  }
  const ANY = RANGE(0x80, 0xbf)
  on(`${text} tail 2`, ANY, `${text} tail 1`)
  on(`${text} tail 1`, ANY, text)
  more(RANGE(0xc2, 0xdf), ANY, 0)
  more([0xe0], RANGE(0xa0, 0xbf), 1)
  more([...RANGE(0xe1, 0xec), 0xee, 0xef], ANY, 1)
  more([0xed], RANGE(0x80, 0x9f), 1)
  more([0xf0], RANGE(0x90, 0xbf), 2)
  more(RANGE(0xf1, 0xf3), ANY, 2)
  more([0xf4], RANGE(0x80, 0x8f), 2)
}

const { table: TABLE, state: STATE } = machine()
const START = STATE('start')
const VALUE = STATE('value')
const FIRST_VALUE = STATE('first value')
const KEY = STATE('key')
const FIRST_KEY = STATE('first key')
const AFTER = STATE('after')
const END_STATES = new Set(ENDS.map(STATE))

/** What a check tells of while it reads, with the byte's place in its chunk. */
export interface Structure {
  /** @param depth Containers around the one that opens. */
  open(depth: number, isObject: boolean, at: number): void
  /** @param depth Containers around the one that closed. */
  close(depth: number, at: number): void
  /** Between two elements. @param depth Containers around them. */
  comma(depth: number): void
}

/** Feed it every chunk in order, then ask for the end. */
export class JsonCheck {
  private state = START
  private readonly isObject = new Uint8Array(DEEPEST)
  private depth = 0
  private readonly told: Structure

  constructor(told: Structure) {
    this.told = told
  }

  /** @throws SyntaxError at the first byte that cannot be; whatever `told` throws. */
  push(chunk: Uint8Array): void {
    let { state } = this
    for (let at = 0; at < chunk.length; at++) {
      const next = TABLE[(state << 8) | (chunk[at] as number)] as number
      state = next >= FIRST_STATE ? next : this.structure(next, at)
    }
    this.state = state
  }

  /** @throws SyntaxError where the text breaks off. */
  end(): void {
    if (this.depth !== 0 || !END_STATES.has(this.state)) throw new SyntaxError('the JSON breaks off')
  }

  private structure(sign: number, at: number): number {
    const { depth } = this
    const inObject = depth > 0 && this.isObject[depth - 1] === 1
    if (sign === COMMA && depth > 0) {
      this.told.comma(depth)
      return inObject ? KEY : VALUE
    }
    if ((sign === OPEN_OBJECT || sign === OPEN_ARRAY) && depth < DEEPEST) {
      this.told.open(depth, sign === OPEN_OBJECT, at)
      this.isObject[this.depth++] = sign === OPEN_OBJECT ? 1 : 0
      return sign === OPEN_OBJECT ? FIRST_KEY : FIRST_VALUE
    }
    if (depth > 0 && sign === (inObject ? CLOSE_OBJECT : CLOSE_ARRAY)) {
      this.told.close(--this.depth, at)
      return AFTER
    }
    throw new SyntaxError('the text is not JSON')
  }
}
