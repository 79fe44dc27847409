/** A real browser without a package: the system's Chromium, driven over the DevTools protocol (Node's own WebSocket). */
import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Where this machine has one; null where it has none. */
export const CHROMIUM: string | null =
  ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => {
    try {
      accessSync(path, constants.X_OK)
      return true
    } catch {
      return false
    }
  }) ?? null

export interface BrowserPage {
  /** The value of an expression in the page; a promise is awaited. @throws Error where the page throws. */
  evaluate<Value>(expression: string): Promise<Value>
  /** Evaluates until it is true. @throws Error after ten seconds. */
  until(expression: string): Promise<void>
  /** Errors and refusals by policy that the console told of. */
  readonly complaints: string[]
  close(): Promise<void>
}

interface Message {
  readonly id?: number
  readonly method?: string
  readonly params?: {
    readonly entry?: { readonly text: string }
    readonly exceptionDetails?: { readonly text: string }
  }
  readonly result?: {
    readonly targetInfos?: readonly { readonly targetId: string; readonly type: string }[]
    readonly sessionId?: string
    readonly result?: { readonly value?: unknown }
    readonly exceptionDetails?: { readonly text: string; readonly exception?: { readonly description?: string } }
  }
}

export async function openPage(executable: string, url: string): Promise<BrowserPage> {
  const profile = await mkdtemp(join(tmpdir(), 'chromium-'))
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--accept-lang=ja']
  const child = spawn(
    executable,
    [...flags, '--remote-debugging-port=0', `--user-data-dir=${profile}`, 'about:blank'],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const socket = new WebSocket(await addressIn(child.stderr))
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true })
    socket.addEventListener('error', () => reject(new Error('the browser does not talk')), { once: true })
  })
  const waiting = new Map<number, (message: Message) => void>()
  const complaints: string[] = []
  let count = 0
  socket.addEventListener('message', ({ data }) => {
    const message = JSON.parse(String(data)) as Message
    waiting.get(message.id ?? 0)?.(message)
    const told = message.params?.entry?.text ?? message.params?.exceptionDetails?.text
    if (told !== undefined) complaints.push(told)
  })
  let sessionId: string | undefined
  async function send(method: string, params: object = {}): Promise<NonNullable<Message['result']>> {
    const id = ++count
    const { promise, resolve } = Promise.withResolvers<Message>()
    waiting.set(id, resolve)
    socket.send(JSON.stringify({ id, method, params, ...(sessionId && { sessionId }) }))
    return (await promise).result ?? {}
  }

  const { targetInfos = [] } = await send('Target.getTargets')
  const target = targetInfos.find(({ type }) => type === 'page')
  sessionId = (await send('Target.attachToTarget', { targetId: target?.targetId, flatten: true })).sessionId
  for (const domain of ['Page', 'Runtime', 'Log']) await send(`${domain}.enable`)
  await send('Page.navigate', { url })

  async function evaluate<Value>(expression: string): Promise<Value> {
    const { result, exceptionDetails } = await send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
      userGesture: true,
    })
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
    return result?.value as Value
  }
  return {
    evaluate,
    complaints,
    async until(expression) {
      for (const end = Date.now() + 10_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 50)))
        if (await evaluate<boolean>(`!!(${expression})`).catch(() => false)) return
      throw new Error(`the page never came to: ${expression}\n${complaints.join('\n')}`)
    },
    async close() {
      socket.close()
      child.kill('SIGKILL')
      await ended
      await rm(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** Chromium says on standard error where it listens. */
function addressIn(stream: NodeJS.ReadableStream): Promise<string> {
  let text = ''
  return new Promise((resolve, reject) => {
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      const address = /ws:\/\/\S+/.exec(text)?.[0]
      if (address !== undefined) resolve(address)
    })
    stream.on('end', () => reject(new Error(`the browser did not start:\n${text.slice(0, 500)}`)))
  })
}
