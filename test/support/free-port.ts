import { freePorts } from '../../infra/scripts/start/free-ports.ts'

/** A port of this machine that nobody holds at the moment. */
export async function freePort(): Promise<number> {
  const [port] = await freePorts(1)
  return port as number
}
