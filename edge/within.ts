/**
 * What a store answers, or a rejection after `millis`: a store that hangs is a store that is down, no call hangs
 * (PRODUCT.md section 1, promise 8).
 */
export async function within<T>(millis: number, answer: Promise<T>): Promise<T> {
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
