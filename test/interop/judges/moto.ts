/** moto: S3 and Glue by people who have nothing to do with this project. Empty at each start. */
import { join } from 'node:path'
import type { Judges } from './install.ts'
import { freePort } from '../../support/free-port.ts'
import { type ServerProcess, startServer } from './server-process.ts'

export const REGION = 'ap-northeast-1'
/** moto takes any; its look is that of no real key. */
export const CREDENTIALS = { accessKeyId: 'judge', secretAccessKey: 'judge' }

export async function startMoto({ bin }: NonNullable<Judges['python']>): Promise<ServerProcess> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const command = [join(bin, 'moto_server'), '-H', '127.0.0.1', '-p', String(port)] as const
  return startServer(command, { url, millis: 60_000 }, async () => (await fetch(`${url}/moto-api/`)).ok)
}
