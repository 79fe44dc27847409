/** RFC 4180, as little as a test needs: quotes, doubled quotes, line ends inside them, a BOM. Not the product's own. */
export function parseCsv(file: string): readonly (readonly string[])[] {
  const lines: string[][] = []
  let line: string[] = []
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/gy
  cell.lastIndex = file.startsWith('\uFEFF') ? 1 : 0
  while (cell.lastIndex < file.length) {
    const match = cell.exec(file)
    if (match === null) throw new Error('not CSV')
    line.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '')
    if (match[3] === ',') continue
    lines.push(line)
    line = []
  }
  return lines
}
