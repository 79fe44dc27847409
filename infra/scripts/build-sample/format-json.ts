/**
 * JSON that a person can read and a diff can show: an object's members and a list's entries each on a line of their
 * own, a list of plain values on one line.
 */
export function formatJson(value: unknown, indent = ''): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const inner = `${indent} `
  if (Array.isArray(value)) {
    if (value.every((entry) => typeof entry !== 'object' || entry === null)) return JSON.stringify(value)
    return `[\n${value.map((entry) => `${inner}${formatJson(entry, inner)}`).join(',\n')}\n${indent}]`
  }
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  if (members.length === 0) return '{}'
  const lines = members.map(([key, member]) => `${inner}${JSON.stringify(key)}: ${formatJson(member, inner)}`)
  return `{\n${lines.join(',\n')}\n${indent}}`
}
