/** AWS's own validator finds nothing in the templates. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { TEMPLATES, templateNames } from '../../infra/scripts/cloudformation/read.ts'
import { awsFindings } from '../infra/cloudformation/judges/aws-validate.ts'

const paths = templateNames().map((name) => join(TEMPLATES, name))
const findings = await awsFindings(paths)
if (findings === null)
  process.stderr.write(
    'Left out: @aws/cloudformation-validate is not installed, so AWS does not judge the templates.\n',
  )

/** Told of every property that cannot change without replacing its resource: that is so, and no fault. */
const CREATE_ONLY = 'I9001'

describe.runIf(findings !== null)('AWS', () => {
  it.each(paths.map((path) => [path.slice(TEMPLATES.length), path] as const))('finds nothing in %s', (_, path) => {
    const told = findings?.get(path)?.filter(({ ruleId }) => ruleId !== CREATE_ONLY) ?? []
    expect(
      told.map(({ ruleId, severity, message, startLine }) => `${severity} ${ruleId} line ${startLine}: ${message}`),
    ).toEqual([])
  })

  it('finds what is wrong elsewhere', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'template-'))
    const wrong = join(folder, 'wrong.yaml')
    writeFileSync(wrong, 'Resources: { A: { Type: AWS::SNS::Topic, Properties: { Colour: red } } }')
    const told = (await awsFindings([wrong]))?.get(wrong) ?? []
    rmSync(folder, { recursive: true })
    expect(told.filter(({ severity }) => severity === 'ERROR' || severity === 'FATAL').length).toBeGreaterThan(0)
  })
})
