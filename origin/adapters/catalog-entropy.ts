/** What commits need of chance and time, in one place so that tests can fix it. */
import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Entropy {
  uuid(): string
  /** 1 to 2^53 - 1: every JSON reader reads it exactly. */
  snapshotId(): number
  /** 16 bytes that separate the blocks of an Avro file. */
  sync(): Uint8Array
  /** Waits after a lost race, the longer and the more spread out the more were lost. @param attempt 1 and up. */
  pause(attempt: number): Promise<void>
}

export const systemEntropy: Entropy = {
  uuid: randomUUID,
  snapshotId: () => Number(BigInt.asUintN(53, randomBytes(8).readBigUInt64BE())) || 1,
  sync: () => new Uint8Array(randomBytes(16)),
  pause: (attempt) => sleep(2 + Math.random() * Math.min(20 * attempt, 250)),
}
