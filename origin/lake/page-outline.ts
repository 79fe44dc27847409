/**
 * A getStatsData body that is only to be kept: checked as strictly as by parsing it, and made into what it says beside
 * its rows. A page of 100,000 rows is some 12 MB of JSON and ten times that as objects; here it is its bytes, as they
 * pass by.
 */
import { JsonCheck, type Structure } from './json-check.ts'

export interface Outline {
  /** The body as `JSON.parse` gives it, but that VALUE, where it is an array or an object, is null. */
  readonly body: unknown
  /** Rows that were left out of it. */
  readonly rows: number
}

/** Of the containers around VALUE, below the root object and its one key: the operation's name. */
const PATH = ['STATISTICAL_DATA', 'DATA_INF', 'VALUE']
const VALUE_DEPTH = 4
/** Longest outline, bytes: notes and annotations of one page are some kilobytes. What is longer is no page. */
const LONGEST = 16 * 1024 * 1024

const NULL = new TextEncoder().encode('null')
const decoder = new TextDecoder('utf-8', { fatal: true })

/** Feed it every chunk in order, then ask for the end. */
export class PageOutline implements Structure {
  private readonly check = new JsonCheck(this)
  private chunk: Uint8Array = NULL
  /** First byte of the chunk that was neither kept nor passed over. */
  private from = 0
  private bytes = new Uint8Array(4096)
  private length = 0
  /** Keys of the containers around the current byte, where they are objects' members. */
  private readonly keys: string[] = []
  private readonly isObject: boolean[] = []
  /** `seen`: VALUE has been passed over. */
  private value: 'ahead' | 'array' | 'object' | 'seen' = 'ahead'
  private objects = 0
  private commas = 0

  /** @throws SyntaxError where this is no JSON, or no body whose rows can be told apart. */
  push(chunk: Uint8Array): void {
    this.chunk = chunk
    this.from = 0
    this.check.push(chunk)
    if (!this.isInside()) this.keep(chunk.length)
  }

  /** @throws SyntaxError likewise, also where the body breaks off. */
  end(): Outline {
    this.check.end()
    return { body: JSON.parse(decoder.decode(this.bytes.subarray(0, this.length))), rows: this.objects }
  }

  open(depth: number, isObject: boolean, at: number): void {
    if (this.isInside()) {
      if (depth === VALUE_DEPTH + 1 && this.value === 'array') this.objects += isObject ? 1 : 0
      return
    }
    if (depth > VALUE_DEPTH) return
    this.keep(at)
    this.keys[depth] = depth > 0 && this.isObject[depth - 1] === true ? keyBefore(this.bytes, this.length) : ''
    this.isObject[depth] = isObject
    if (depth === VALUE_DEPTH && PATH.every((key, below) => this.keys[below + 2] === key)) this.enter(isObject)
  }

  comma(depth: number): void {
    if (depth === VALUE_DEPTH + 1 && this.value === 'array') this.commas++
  }

  close(depth: number, at: number): void {
    if (depth !== VALUE_DEPTH || !this.isInside()) return
    // Rows are objects, all of them: anything else would be counted otherwise by those who read the page later.
    if (this.value === 'array' && this.objects !== this.commas + 1) throw new SyntaxError('VALUE is not rows')
    this.value = 'seen'
    this.from = at + 1
  }

  private enter(isObject: boolean): void {
    if (this.value === 'seen') throw new SyntaxError('VALUE stands twice')
    this.value = isObject ? 'object' : 'array'
    if (isObject) this.objects = 1 // one row comes without its array (reference/estat-api.md, 3.1)
    this.append(NULL)
  }

  private isInside(): boolean {
    return this.value === 'array' || this.value === 'object'
  }

  private keep(to: number): void {
    this.append(this.chunk.subarray(this.from, to))
    this.from = to
  }

  private append(more: Uint8Array): void {
    const length = this.length + more.length
    if (length > LONGEST) throw new SyntaxError('too much beside the rows')
    if (length > this.bytes.length) {
      const grown = new Uint8Array(2 * length)
      grown.set(this.bytes.subarray(0, this.length))
      this.bytes = grown
    }
    this.bytes.set(more, this.length)
    this.length = length
  }
}

/**
 * The key whose colon the bytes end with; "" for one that is longer than any of ours or holds an escape. Before a quote
 * within a key stands its backslash, and never what stands before a key.
 */
function keyBefore(bytes: Uint8Array, length: number): string {
  const text = String.fromCharCode(...bytes.subarray(Math.max(0, length - 64), length))
  return /[{,\s]"([^"\\]*)"\s*:\s*$/.exec(text)?.[1] ?? ''
}
