/**
 * Starts the judges before the suite and says which there are. None at all is a failure: a suite that judged nothing
 * must not look green.
 */
import type { TestProject } from 'vitest/node'
import { installJudges, type Judges } from './judges/install.ts'
import { startMoto } from './judges/moto.ts'
import { startTrino } from './judges/trino.ts'
import type { ServerProcess } from './judges/server-process.ts'

declare module 'vitest' {
  interface ProvidedContext {
    judges: Judges
    /** Where moto's S3 and Glue answer; null without Python. */
    aws: string | null
    trinoUrl: string | null
  }
}

const say = (line: string): void => console.log(`judges: ${line}`)

export default async function setUp({ provide }: TestProject): Promise<() => Promise<void>> {
  const judges = await installJudges(say)
  for (const line of judges.missing) say(`without ${line}`)
  const names = [judges.trino, judges.python, judges.chdb].flatMap((judge) => (judge === null ? [] : [judge.name]))
  if (names.length === 0) throw new Error('No independent judge could be installed here: nothing would be judged.')
  const servers: ServerProcess[] = []
  const moto = judges.python === null ? null : await startMoto(judges.python)
  if (moto !== null) servers.push(moto)
  const trino = judges.trino === null || moto === null ? null : await startTrino(judges.trino, moto.url)
  if (trino !== null) servers.push(trino)
  say(
    `${names.join(', ')}${moto === null ? '; no AWS, so the tables on disk alone are judged' : '; AWS by moto 5.2.5'}`,
  )
  provide('judges', judges)
  provide('aws', moto?.url ?? null)
  provide('trinoUrl', trino?.url ?? null)
  return async () => {
    for (const server of servers.toReversed()) await server.stop()
  }
}
