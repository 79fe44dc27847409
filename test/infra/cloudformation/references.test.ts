/** Everything in the templates that points somewhere points at something. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseTemplate, readTemplate, TEMPLATES, templateNames } from '../../../infra/scripts/cloudformation/read.ts'
import { KNOWN } from './attributes.ts'
import { dangling, exportsOf } from './references.ts'

/** Above, `aws cloudformation deploy` wants a bucket of its own to put the template in. */
const MOST_BYTES = 51_200

const exported = new Set(templateNames().flatMap((name) => exportsOf(readTemplate(name))))

it('knows the templates', () => {
  expect(templateNames()).toEqual(['edge-global.yaml', 'home.yaml', 'watch.yaml'])
})

describe.each(templateNames())('%s', (name) => {
  const template = readTemplate(name)

  it('refers to nothing that is not there', () => {
    expect(dangling(template, exported)).toEqual([])
  })

  it('uses every parameter and every condition', () => {
    const { Parameters, Conditions = {}, Rules = {}, Resources, Outputs = {} } = template
    const text = JSON.stringify([Conditions, Rules, Resources, Outputs])
    const unused = [...Object.keys(Parameters), ...Object.keys(Conditions)].filter(
      (one) => !text.includes(`"${one}"`) && !text.includes(`\${${one}}`),
    )
    expect(unused).toEqual([])
  })

  it('tags everything that takes tags', () => {
    const untagged = Object.entries(template.Resources).filter(([, { Type, Properties = {} }]) => {
      const { tags } = KNOWN[Type] ?? { tags: 'Tags' }
      return tags !== null && !JSON.stringify(Properties[tags] ?? '').includes('"project"')
    })
    expect(untagged.map(([resource, { Type }]) => `${resource} (${Type})`)).toEqual([])
  })

  it('fits into a call of `aws cloudformation deploy` that needs nothing else', () => {
    expect(statSync(join(TEMPLATES, name)).size).toBeLessThan(MOST_BYTES)
    // Neither nested stacks nor macros: they need a bucket, or a capability that hides what is made.
    expect(JSON.stringify(template)).not.toMatch(/AWS::CloudFormation::Stack|"Transform"/)
  })
})

describe('finds', () => {
  const broken = (resources: string): string[] =>
    dangling(
      parseTemplate(
        `Parameters: { P: { Type: String } }\nConditions: { C: !Equals [!Ref P, x] }\nResources:\n${resources}`,
      ),
    )

  it.each([
    ['a Ref to nothing', '  A: { Type: AWS::SNS::Topic, Properties: { TopicName: !Ref Q } }', 'Ref Q'],
    ['a Sub of nothing', "  A: { Type: AWS::SNS::Topic, Properties: { TopicName: !Sub '${Q}-x' } }", 'Sub ${Q}'],
    [
      'an attribute of nothing',
      '  A: { Type: AWS::SNS::Topic, Properties: { TopicName: !GetAtt B.Arn } }',
      'no such resource',
    ],
    [
      'an attribute that the type has not',
      '  A: { Type: AWS::SNS::Topic, Properties: { TopicName: !GetAtt B.Arn } }\n  B: { Type: AWS::SNS::Topic }',
      'AWS::SNS::Topic has no such attribute',
    ],
    [
      'the same in a Sub',
      "  A: { Type: AWS::SNS::Topic, Properties: { TopicName: !Sub '${B.Name}' } }\n  B: { Type: AWS::ECS::Cluster }",
      'AWS::ECS::Cluster has no such attribute',
    ],
    [
      'an import of nothing',
      "  A: { Type: AWS::SNS::Topic, Properties: { TopicName: !ImportValue 'x' } }",
      'nobody exports',
    ],
    ['a condition that is not there', '  A: { Type: AWS::SNS::Topic, Condition: D }', 'no condition D'],
    ['an If of one', '  A: { Type: AWS::SNS::Topic, Properties: { TopicName: !If [D, a, b] } }', 'If D'],
    ['a dependency on nothing', '  A: { Type: AWS::SNS::Topic, DependsOn: [B] }', 'depends on B'],
  ])('%s', (_, resources, problem) => {
    expect(broken(resources).join()).toContain(problem)
  })
})
