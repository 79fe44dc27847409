/** Completes the last of several words with commas between them: those before stay as they are, and are not offered again. */
export function afterComma(typed: string, complete: (last: string) => readonly string[]): readonly string[] {
  const [, before = '', last = ''] = /^(.*[,、，]\s*)?(.*)$/su.exec(typed) ?? []
  const named = new Set(before.split(/[,、，]/u).map((word) => word.trim()))
  return complete(last)
    .filter((word) => !named.has(word))
    .map((word) => `${before}${word}`)
}
