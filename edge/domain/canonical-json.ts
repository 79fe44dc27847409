/**
 * One text for one value, whatever the order in which its members were written: RFC 8785 (JSON Canonicalization
 * Scheme). Numbers and strings are as `JSON.stringify` writes them, which is what the RFC prescribes.
 *
 * Members that are undefined are left out, as JSON does.
 * @throws TypeError for what JSON cannot hold: NaN, infinities, functions, bigint.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((member) => canonicalJson(member ?? null)).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`)
    return `{${members.join(',')}}`
  }
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError('not a JSON number')
  const text = JSON.stringify(value) as string | undefined
  if (text === undefined) throw new TypeError('not a JSON value')
  return text
}
