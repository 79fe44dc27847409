/** e-Stat's XML as a tree: elements, attributes and text; no namespaces, comments or CDATA, which it does not send. */
import type { Element } from '../../../origin/standin/tree.ts'

const TOKEN =
  /<\?[^>]*\?>|<\/(?<close>[^>]+)>|<(?<open>[A-Za-z_][\w.-]*)(?<attributes>[^>]*?)(?<empty>\/)?>|(?<text>[^<]+)/g
const ATTRIBUTE = /([\w:.-]+)="([^"]*)"/g
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

interface Open {
  readonly name: string
  readonly attributes: Record<string, string>
  readonly children: Element[]
  text: string
}

/** @returns The root element. Text between elements is indentation and is dropped. */
export function readXml(xml: string): Element {
  const document: Open = { name: '', attributes: {}, children: [], text: '' }
  const open = [document]
  for (const { groups } of xml.matchAll(TOKEN)) {
    const current = open.at(-1) ?? document
    if (groups?.['text'] !== undefined) current.text += decode(groups['text'])
    if (groups?.['open'] !== undefined)
      open.push({ name: groups['open'], attributes: attributesIn(groups['attributes'] ?? ''), children: [], text: '' })
    if (groups?.['close'] !== undefined || groups?.['empty'] !== undefined) {
      const done = open.pop()
      if (done) open.at(-1)?.children.push(close(done))
    }
  }
  const [root] = document.children
  if (root === undefined || open.length !== 1) throw new Error('The XML is not well formed.')
  return root
}

const close = ({ name, attributes, children, text }: Open): Element => ({
  name,
  attributes,
  content: children.length > 0 ? children : text === '' ? null : text,
})

const attributesIn = (text: string): Record<string, string> =>
  Object.fromEntries(Array.from(text.matchAll(ATTRIBUTE), ([, name = '', value = '']) => [name, decode(value)]))

const decode = (text: string): string =>
  text.replace(/&(?:#x(?<hex>[0-9a-f]+)|#(?<decimal>\d+)|(?<name>\w+));/gi, (...found) => {
    const { hex, decimal, name } = found.at(-1) as Record<string, string | undefined>
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16))
    return decimal === undefined ? (ENTITIES[name ?? ''] ?? '') : String.fromCodePoint(Number(decimal))
  })
