/** Whether a port of this machine is free, and who holds it otherwise. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { StartError, systemCode } from './start-error.ts'

/** What was just killed may hold its port for a moment. */
const PATIENCE_MS = 1000

/**
 * @param variable by which another port is chosen.
 * @throws StartError that names the holder where the system tells.
 */
export async function requireFreePort(port: number, variable: string): Promise<void> {
  for (const until = Date.now() + PATIENCE_MS; ; await sleep(50)) {
    const code = await tryToListen(port)
    if (code === null) return
    if (code !== 'EADDRINUSE')
      throw new StartError(`Port ${port} cannot be opened (${code}). Choose another: ${example(port, variable)}`)
    if (Date.now() < until) continue
    const holder = holderOf(port)
    throw new StartError(
      `Port ${port} is taken${holder ? ` by ${holder}` : ''}. Stop that, or choose another: ${example(port, variable)}`,
    )
  }
}

const example = (port: number, variable: string): string =>
  `${variable}=${port < 65_000 ? port + 1000 : 8080} npm start`

function tryToListen(port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error) => resolve(systemCode(error) ?? 'unknown'))
    server.listen({ port, host: '127.0.0.1' }, () => server.close(() => resolve(null)))
  })
}

/** "node (process 4711)", or null where the system does not tell: another user's process, or not Linux. */
function holderOf(port: number): string | null {
  try {
    const sockets = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listening(table, port)))
    const pid = readdirSync('/proc').find((name) => /^\d+$/.test(name) && holdsOne(name, sockets))
    return pid ? `${readFileSync(`/proc/${pid}/comm`, 'utf8').trim()} (process ${pid})` : null
  } catch {
    return null
  }
}

/** Inodes of the sockets that listen on `port` (proc(5), /proc/net/tcp: state 0A). */
function listening(table: string, port: number): string[] {
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  return readFileSync(table, 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .flatMap(([, local, , state, , , , , , inode]) =>
      local?.endsWith(`:${hex}`) && state === '0A' && inode ? [inode] : [],
    )
}

function holdsOne(pid: string, sockets: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1]
      return inode !== undefined && sockets.has(inode)
    })
  } catch {
    return false
  }
}
