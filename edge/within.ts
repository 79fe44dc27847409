/** What comes from memory has come after so many turns of the microtask queue; a timer would cost more than the answer. */
const TURNS = 24

/**
 * What a store answers, or a rejection after `millis`: a store that hangs is a store that is down, no call hangs
 * (PRODUCT.md section 1, promise 8).
 */
export async function within<T>(millis: number, answer: Promise<T>): Promise<T> {
  if (await settlesAtOnce(answer)) return answer
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('the store did not answer in time')), millis)
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Whether it is there without I/O, as far as microtasks tell. */
async function settlesAtOnce(answer: Promise<unknown>): Promise<boolean> {
  const seen = { settled: false }
  const settle = (): void => {
    seen.settled = true
  }
  answer.then(settle, settle)
  for (let turn = 0; turn < TURNS && !seen.settled; turn++) await TURN
  return seen.settled
}

const TURN = Promise.resolve()
