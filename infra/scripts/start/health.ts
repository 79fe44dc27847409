import { get } from 'node:https'
import { setTimeout as sleep } from 'node:timers/promises'
import { StartError } from './start-error.ts'

/** Resolves when `url` answers 200. @throws StartError after `patienceMs`; the signal's reason where it aborts. */
export async function waitHealthy(name: string, url: string, signal: AbortSignal, patienceMs: number): Promise<void> {
  for (const until = Date.now() + patienceMs; ; ) {
    if (await answers(url, signal)) return
    signal.throwIfAborted()
    if (Date.now() > until)
      throw new StartError(`The ${name} did not get ready within ${Math.round(patienceMs / 1000)} s.`)
    await sleep(50, undefined, { signal })
  }
}

async function answers(url: string, signal: AbortSignal): Promise<boolean> {
  if (url.startsWith('https:')) return answersByTls(url)
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(2000)]) })
    await response.body?.cancel()
    return response.ok
  } catch {
    return false
  }
}

/** Our own child on this machine: whether it answers is asked here, who it is is asked by its clients. */
function answersByTls(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { rejectUnauthorized: false, timeout: 2000, agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    request.on('timeout', () => request.destroy())
    request.on('error', () => resolve(false))
  })
}
