/** The whole verification: says what it will make and cost, asks, runs the steps, and cleans up however they end. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Fault } from '../../../shared/fault.ts'
import type { Env } from '../start/settings.ts'
import { type Account, openAccount } from './account.ts'
import { cleanUp } from './clean-up.ts'
import { DATASET, type VerifySettings, verifySettings } from './settings.ts'
import { VERIFY_STEPS, type VerifyState } from './steps.ts'

export interface VerifyOptions {
  readonly env: Env
  readonly say: (line: string) => void
  /** Whether to go on, after it was said what will be made. */
  readonly agree: () => Promise<boolean>
  readonly signal: AbortSignal
}

/** @returns Whether everything holds. @throws ConfigError for settings that lack. */
export async function verifyAws({ env, say, agree, signal }: VerifyOptions): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'verify-aws-'))
  try {
    const settings = verifySettings(env, folder)
    for (const line of announced(settings)) say(line)
    if (!(await agree())) {
      say('Nothing was made.')
      return false
    }
    const account = await openAccount(settings, signal)
    // Whoever has no credentials, or another region, hears of it before anything is made.
    const refusal = await account.ports.store.list(`${settings.tenant}/`).then(() => null, toldOf)
    if (refusal !== null) {
      say(`Nothing was made: ${refusal}`)
      return false
    }
    return await walk(settings, account, say)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Ten queries and a MERGE and an OPTIMIZE of some kilobytes: each is billed as 10 MB. */
const announced = ({ config, tenant, database, workgroup, outputLocation }: VerifySettings): readonly string[] => [
  `This makes in your account, in ${config.AWS_REGION}, and takes away again at the end:`,
  `  a Glue database ${database} with one table of 21 rows`,
  `  objects under s3://${config.S3_BUCKET}/${tenant}/ and of one fetch under s3://${config.S3_BUCKET}/raw/${DATASET}/`,
  `  results of about 10 queries on Athena (workgroup ${workgroup}) under ${outputLocation}; a workgroup that enforces a place of its own keeps them there`,
  'It will cost about 0.0006 US dollars for Athena (12 statements, 10 MB each at the least) and less than 0.01 for requests to S3 and Glue.',
]

async function walk(settings: VerifySettings, account: Account, say: VerifyOptions['say']): Promise<boolean> {
  const state: VerifyState = { account, say, parquet: '' }
  let holds = false
  try {
    for (const [at, step] of VERIFY_STEPS.entries()) {
      say(`${at + 1}/${VERIFY_STEPS.length} ${step.title}`)
      await step.run(state)
    }
    holds = true
  } catch (error) {
    say(`It does not hold: ${toldOf(error)}`)
  }
  say('Cleaning up ...')
  const left = await cleanUp(settings, account.ports.store)
  for (const what of left) say(`  could not be taken away: ${what}`)
  if (left.length === 0) say('  nothing is left')
  if (holds) say(`The AWS side holds: ${VERIFY_STEPS.length} steps.`)
  return holds && left.length === 0
}

const toldOf = (error: unknown): string => {
  if (error instanceof Fault) return `${error.message} ${error.hint}`
  return error instanceof Error ? error.message : String(error)
}
