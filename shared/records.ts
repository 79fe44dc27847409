/**
 * Small texts by name, for what an operator changes now and then: keys, revoked links, the cache's generation. A change
 * is seen within a minute, everywhere. Every method rejects where the store does not answer.
 */
export interface Records {
  get(name: string): Promise<string | null>
  /** Many at once, in the order asked for, where the store has a way of its own. */
  getMany?(names: readonly string[]): Promise<readonly (string | null)[]>
  /** @param keepSeconds Forgotten some time after; for ever where absent. */
  put(name: string, text: string, keepSeconds?: number): Promise<void>
  delete(name: string): Promise<void>
  /** Names that begin with `prefix`, in order; all of them. */
  list(prefix: string): Promise<readonly string[]>
}
