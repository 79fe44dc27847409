import type { Templates } from './count.ts'
import { costTable, priceTable } from './table.ts'

/** @returns The page with its generated tables as they are now. @throws Error where the page has no place for one. */
export function withTables(page: string, templates: Templates): string {
  const tables = { cost: costTable(templates), prices: priceTable() }
  return Object.entries(tables).reduce((text, [name, table]) => {
    const place = new RegExp(`(<!-- generated: ${name} -->\n)[^]*?(\n<!-- end -->)`)
    if (!place.test(text)) throw new Error(`The page has no place for the table of ${name}.`)
    return text.replace(place, (_, before: string, after: string) => `${before}\n${table}\n${after}`)
  }, page)
}
