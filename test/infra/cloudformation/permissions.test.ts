/** What the roles may do: nothing by wildcard but what is reviewed here, and of the tasks' what the code calls. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { callsOf, sources } from './calls.ts'
import { home, VARIANTS } from './homes.ts'

const root = join(import.meta.dirname, '../../..')

interface Statement {
  readonly Sid: string
  readonly Effect: 'Allow' | 'Deny'
  readonly Action: string | readonly string[]
  readonly Resource: string | readonly string[]
}
interface Policy {
  readonly PolicyName: string
  readonly PolicyDocument: { readonly Statement: readonly Statement[] }
}

/** Resource wildcards that stand, by statement, each with its reason. */
const REVIEWED: Readonly<Record<string, readonly [resource: RegExp, reason: string]>> = {
  Registry: [/^\*$/, 'ecr:GetAuthorizationToken takes no resource (service authorization reference, ECR)'],
  SessionManager: [/^\*$/, 'the four ssmmessages actions take no resource (service authorization reference)'],
  Secrets: [/:parameter\/estat\/\*$/, 'the folder of this home in Parameter Store holds its secrets and nothing else'],
  Objects: [/:::estat-lake-\d+-[a-z0-9-]+\/\*$/, "every object of this home's bucket and of no other"],
  Tables: [
    /:(database\/estat_\*|table\/estat_\*\/\*)$/,
    'a database for each tenant, named after it, under the prefix',
  ],
}

/** Actions that nothing in the code calls by name, each with its reason. */
const FOR_OTHERS: Readonly<Record<string, string>> = {
  's3:GetBucketLocation':
    "Athena asks it of the results' bucket in the caller's name (Athena user guide, S3 permissions)",
  'glue:GetDatabase': "Athena looks tables up in the caller's name (Athena user guide, fine-grained access to Glue)",
  'ssmmessages:CreateControlChannel': "ECS Exec's agent",
  'ssmmessages:CreateDataChannel': "ECS Exec's agent",
  'ssmmessages:OpenControlChannel': "ECS Exec's agent",
  'ssmmessages:OpenDataChannel': "ECS Exec's agent",
}

const policies = (role: string, variant: Readonly<Record<string, string>>): readonly Policy[] =>
  home(variant).resources[role]?.properties['Policies'] as unknown as readonly Policy[]
const statements = (role: string, variant: Readonly<Record<string, string>>): readonly Statement[] =>
  policies(role, variant).flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
const actionsOf = (all: readonly Statement[]): string[] => all.flatMap(({ Action }) => Action).toSorted()

describe.each(Object.entries(VARIANTS))('%s', (_name, variant) => {
  const all = ['ExecutionRole', 'TaskRole'].flatMap((role) => statements(role, variant))

  it('allows no action by wildcard', () => {
    expect(actionsOf(all).filter((action) => !/^[a-z0-9-]+:[A-Z][A-Za-z]+$/.test(action))).toEqual([])
  })

  it('names resources, but for what is reviewed', () => {
    const wide = all.flatMap(({ Sid, Resource }) =>
      [Resource].flat().flatMap((resource) => {
        if (!resource.includes('*')) return []
        return REVIEWED[Sid]?.[0].test(resource) === true ? [] : [`${Sid}: ${resource}`]
      }),
    )
    expect(wide).toEqual([])
  })

  it('has roles that tasks of this account alone take up', () => {
    for (const role of ['ExecutionRole', 'TaskRole'])
      expect(home(variant).resources[role]?.properties['AssumeRolePolicyDocument']).toMatchObject({
        Statement: [
          {
            Principal: { Service: 'ecs-tasks.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } },
          },
        ],
      })
  })
})

it('still needs every wildcard that is reviewed', () => {
  const sids = Object.values(VARIANTS).flatMap((variant) =>
    ['ExecutionRole', 'TaskRole'].flatMap((role) =>
      statements(role, variant)
        .filter(({ Resource }) => [Resource].flat().some((resource) => resource.includes('*')))
        .map(({ Sid }) => Sid),
    ),
  )
  expect([...new Set(sids)].toSorted()).toEqual(Object.keys(REVIEWED).toSorted())
})

describe("the tasks' role", () => {
  const files = sources(root, ['edge', 'origin', 'shared'])
  const { actions, unknown } = callsOf(files)

  it('is read from code whose every call is understood', () => {
    expect(unknown).toEqual([])
    expect(new Set(actions.map((action) => action.split(':')[0]))).toEqual(
      new Set(['s3', 'glue', 'athena', 'dynamodb']),
    )
  })

  it('allows what the code calls, and nothing else', () => {
    const allowed = actionsOf(statements('TaskRole', VARIANTS['CloudFront, two tasks'] ?? {}))
    expect(allowed).toEqual([...actions, ...Object.keys(FOR_OTHERS)].toSorted())
  })

  it('does not touch the table of an edge that is elsewhere', () => {
    const allowed = actionsOf(statements('TaskRole', VARIANTS['Worker and tunnel'] ?? {}))
    expect(allowed.filter((action) => action.startsWith('dynamodb:'))).toEqual([])
  })

  it.each([
    ['another command', "import { CopyObjectCommand } from '@aws-sdk/client-s3'", 'CopyObjectCommand'],
    ['another service', "import { SendMessageCommand } from '@aws-sdk/client-sqs'", 'SendMessageCommand'],
    ['an operation that is not spelt out', 'await dynamo.call(operation, {})', 'call(operation)'],
    ['another signer', "import { awsSender } from '../shared/aws/sender.ts'", 'signs requests'],
  ])('is not judged by code with %s', (_what, text, problem) => {
    expect(callsOf([{ path: 'origin/x.ts', text }]).unknown.join()).toContain(problem)
  })

  it.each([
    ["import { DeleteTableCommand, GlueClient } from '@aws-sdk/client-glue'", 'glue:DeleteTable'],
    ["const { AthenaClient, ListWorkGroupsCommand } = await import('@aws-sdk/client-athena')", 'athena:ListWorkGroups'],
    ["await dynamo.call('Query', {})", 'dynamodb:Query'],
    ["await dynamo.call(\n  'UpdateItem', {})", 'dynamodb:UpdateItem'],
  ])('sees %s', (text, action) => {
    expect(callsOf([{ path: 'origin/x.ts', text }]).actions).toEqual([action])
  })
})
