/** Told now and then how far a call is: rows done, of how many, in words. */
export type Progress = (done: number, total: number | null, message: string) => void

/** Passes on only what is more than before: a progress value MUST increase with each notification (MCP, "Progress"). */
export function rising(tell: Progress): Progress {
  let last = Number.NEGATIVE_INFINITY
  return (done, total, message) => {
    if (done <= last) return
    last = done
    tell(done, total, message)
  }
}

/** Half of two steps over the same rows, each told as if it were all: fetching them, and writing them. */
export const firstHalf =
  (tell: Progress): Progress =>
  (done, total, message) =>
    tell(done, total === null ? null : total * 2, message)

export const secondHalf =
  (tell: Progress): Progress =>
  (done, total, message) =>
    total === null ? undefined : tell(total + done, total * 2, message)
