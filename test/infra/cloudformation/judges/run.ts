/**
 * `npm run test:templates`: AWS's validator, cfn-lint and checkov judge the templates of infra/cloudformation, and our
 * table of attributes is compared with AWS's schemas. The two in Python come by `pip` into `.judges/templates`, once.
 * What is not to be had here is told; findings that are not reviewed, and reviews without a finding, end it with 1.
 */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { TEMPLATES, templateNames } from '../../../../infra/scripts/cloudformation/read.ts'
import { JUDGES, once } from '../../../interop/judges/install.ts'
import { KNOWN } from '../attributes.ts'
import { awsFindings } from './aws-validate.ts'
import { CFN_LINT, CHECKOV } from './reviewed.ts'

const PYTHON = ['cfn-lint==1.58.0', 'checkov==3.3.30']
const run = promisify(execFile)
const say = (line: string): void => void process.stdout.write(`${line}\n`)
const paths = templateNames().map((name) => join(TEMPLATES, name))

/** By the interpreter, since pip writes the folder's first name into the programs that it installs. Standard output of a judge, which ends with other than 0 where it found something. */
async function heard(program: string, args: readonly string[]): Promise<string> {
  const told = await run(program, [...args], { maxBuffer: 64 << 20, timeout: 300_000 }).catch((error: unknown) => error)
  const { stdout = '', stderr = '' } = told as { readonly stdout?: string; readonly stderr?: string }
  if (stdout === '') throw new Error(`${program} said nothing: ${stderr.slice(0, 500)}`)
  return stdout
}

async function installPython(): Promise<string> {
  const folder = join(JUDGES, 'templates')
  await once(folder, async (into) => {
    await run('python3', ['-m', 'venv', into], { timeout: 120_000 })
    await run(join(into, 'bin/python'), ['-m', 'pip', 'install', '--quiet', ...PYTHON], { timeout: 600_000 })
  })
  return join(folder, 'bin/python')
}

/** Problems of one judge, against what is reviewed of its findings. */
function compare(found: readonly string[], reviewed: Readonly<Record<string, string>>): string[] {
  const keys = Object.keys(reviewed)
  return [
    ...found.filter((finding) => !keys.some((key) => matches(finding, key))),
    ...keys
      .filter((key) => !found.some((finding) => matches(finding, key)))
      .map((key) => `reviewed, and not found: ${key}`),
  ]
}

/** A finding is its rule and a text that names the resource. */
const matches = (finding: string, key: string): boolean => {
  const [rule = '', name = ''] = key.split(' ')
  return finding.startsWith(`${rule} `) && new RegExp(`\\b${name}\\b`).test(finding)
}

async function byAws(): Promise<string[] | null> {
  const findings = await awsFindings(paths)
  return (
    findings &&
    [...findings.values()].flatMap((all) =>
      all
        .filter(({ severity }) => /ERROR|FATAL|WARN/.test(severity))
        .map(({ ruleId, message }) => `${ruleId} ${message}`),
    )
  )
}

async function byCfnLint(python: string): Promise<string[]> {
  const text = await heard(python, [join(python, '../cfn-lint'), '--format', 'json', ...paths])
  const found = JSON.parse(text) as readonly { readonly Rule: { readonly Id: string }; readonly Message: string }[]
  return compare(
    found.map(({ Rule, Message }) => `${Rule.Id} ${Message}`),
    CFN_LINT,
  )
}

async function byCheckov(python: string): Promise<string[]> {
  const args = [
    join(python, '../checkov'),
    '--directory',
    TEMPLATES,
    '--framework',
    'cloudformation',
    '--output',
    'json',
    '--quiet',
    '--skip-download',
  ]
  const { results, summary } = JSON.parse(await heard(python, args)) as {
    readonly results: {
      readonly failed_checks: readonly { readonly check_id: string; readonly resource: string }[]
    }
    readonly summary: { readonly parsing_errors: number }
  }
  const found = results.failed_checks.map(({ check_id, resource }) => `${check_id} ${resource}`)
  return [...compare(found, CHECKOV), ...(summary.parsing_errors === 0 ? [] : ['a template that it cannot read'])]
}

async function ourTable(python: string): Promise<string[]> {
  const script = join(import.meta.dirname, 'schemas.py')
  const schemas = JSON.parse(await heard(python, [script, ...Object.keys(KNOWN)])) as typeof KNOWN
  return Object.entries(KNOWN).flatMap(([type, { attributes, tags }]) => {
    const theirs = schemas[type]
    const wrong = attributes.filter((name) => theirs?.attributes.includes(name) !== true)
    // The one type whose tags are new: `attributes.ts` says so.
    const sameTags = tags === theirs?.tags || type === 'AWS::ApplicationAutoScaling::ScalableTarget'
    return [
      ...wrong.map((name) => `${type} has no ${name}`),
      ...(sameTags ? [] : [`tags of ${type}: ${theirs?.tags ?? 'none'}`]),
    ]
  })
}

const python = await installPython().catch((error: unknown) => {
  say(`Left out, cfn-lint and checkov: ${error instanceof Error ? error.message.split('\n')[0] : 'no Python'}`)
  return null
})
const judges: Readonly<Record<string, () => Promise<readonly string[] | null>>> = {
  "AWS's validator": byAws,
  ...(python === null
    ? {}
    : {
        'cfn-lint': () => byCfnLint(python),
        checkov: () => byCheckov(python),
        'our table of attributes': () => ourTable(python),
      }),
}
for (const [name, judge] of Object.entries(judges)) {
  const problems = await judge()
  say(problems === null ? `${name}: not installed` : `${name}: ${problems.length === 0 ? 'nothing' : problems.length}`)
  for (const problem of problems ?? []) say(`  ${problem}`)
  if (problems !== null && problems.length > 0) process.exitCode = 1
}
