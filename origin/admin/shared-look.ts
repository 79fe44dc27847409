/** Keeps what a look found for a while, so that a page that is refreshed does not repeat a costly one. */
export function sharedLook<T>(look: () => Promise<T>, keepMs: number, now: () => number) {
  let last: { readonly found: Promise<T>; readonly at: number } | null = null
  return {
    read(): Promise<T> {
      if (last !== null && now() - last.at < keepMs) return last.found
      const found = look()
      last = { found, at: now() }
      // A failure is looked at again by the next who asks.
      found.catch(() => {
        last = null
      })
      return found
    },
    forget(): void {
      last = null
    },
  }
}
