/**
 * An attachment under any name (RFC 6266): the name itself as `filename*` (RFC 8187), and for what does not read that,
 * an ASCII likeness as `filename`, without `%`, which some would decode (RFC 6266, appendix D).
 *
 * @param name Well-formed Unicode.
 */
export function contentDisposition(name: string): string {
  const likeness = name.replaceAll(/[^\x20-\x7e]|["\\%/]/gu, '_')
  // attr-char of RFC 8187 section 3.2.1 has none of the four that encodeURIComponent leaves: ' ( ) *
  const exact = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename="${likeness}"; filename*=UTF-8''${exact}`
}
