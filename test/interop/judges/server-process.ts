/** A judge that runs as a server: started, waited for, ended with everything it started. */
import { spawn } from 'node:child_process'

export interface ServerProcess {
  readonly url: string
  readonly stop: () => Promise<void>
}

/**
 * @param ready Whether it answers by now; a throw means not yet.
 * @throws With the last of its output where it ends or is not ready within `millis`.
 */
export async function startServer(
  command: readonly [string, ...string[]],
  options: { readonly url: string; readonly env?: NodeJS.ProcessEnv; readonly millis: number },
  ready: () => Promise<boolean>,
): Promise<ServerProcess> {
  const [file, ...args] = command
  const child = spawn(file, args, {
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let said = ''
  const keep = (text: Buffer): void => void (said = `${said}${text.toString()}`.slice(-4000))
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const stop = async (): Promise<void> => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
    await ended
  }
  const until = Date.now() + options.millis
  while (!(await ready().catch(() => false))) {
    if (child.exitCode !== null || Date.now() > until) {
      await stop()
      throw new Error(`${file} did not start: ${said}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  return { url: options.url, stop }
}
