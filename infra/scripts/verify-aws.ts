/**
 * `npm run verify:aws -- [--yes]`: the AWS side on your own account (`S3_BUCKET`, `AWS_REGION`, credentials as the AWS SDK
 * finds them; `ATHENA_WORKGROUP`, primary where absent). It says first what it will make and cost, asks, and cleans up
 * after itself however it ends. Exits 1 where anything falls short.
 */
import { createInterface } from 'node:readline/promises'
import { parseArgs } from 'node:util'
import { ConfigError } from '../../shared/config.ts'
import { verifyAws } from './verify-aws/verify.ts'

async function agree(): Promise<boolean> {
  if (parseArgs({ options: { yes: { type: 'boolean' } } }).values.yes === true) return true
  if (!process.stdin.isTTY) {
    console.error('Nobody can be asked here: call it again with --yes.')
    return false
  }
  const ask = createInterface({ input: process.stdin, output: process.stdout })
  const answer = await ask.question('Go on? [y/N] ').finally(() => ask.close())
  return /^y(es)?$/i.test(answer.trim())
}

// The first Ctrl-C ends the steps, and cleaning up goes on.
const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort())
try {
  const holds = await verifyAws({ env: process.env, say: (line) => console.log(line), agree, signal: stop.signal })
  process.exitCode = holds ? 0 : 1
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
