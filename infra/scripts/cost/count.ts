/** What a home consists of that is billed by time, counted in what its templates make. Pure. */
import { evaluate } from '../cloudformation/evaluate.ts'
import type { JsonObject, Template } from '../cloudformation/read.ts'
import { HOURS, type Item, PRICES, SPOT_SHARE } from './prices.ts'

export interface Templates {
  readonly global: Template
  readonly home: Template
  readonly watch: Template
}

export interface Line {
  readonly item: Item
  readonly count: number
  /** US dollars a month. */
  readonly usd: number
}

export type Parameters = Readonly<Record<string, string>>

/** What has no default and changes no price. */
const ANY: Parameters = {
  ImageTag: '1',
  DomainName: 'estat.example.jp',
  HostedZoneId: 'Z1',
  EdgeCertificateArn: 'arn:aws:acm:us-east-1:1:certificate/a',
  WebAclArn: 'arn:aws:wafv2:us-east-1:1:global/webacl/a',
}

/** @throws Error where the template's rules refuse the parameters. */
export function billed({ global, home, watch }: Templates, parameters: Parameters): readonly Line[] {
  const { resources, refusals } = evaluate(home, { parameters: { ...ANY, ...parameters } })
  if (refusals.length > 0) throw new Error(refusals.join(' '))
  const all = Object.values(resources)
  const ofType = (type: string) => all.filter((one) => one.type === type).map(({ properties }) => properties)
  const [task = {}] = ofType('AWS::ECS::TaskDefinition')
  const [service = {}] = ofType('AWS::ECS::Service')
  const [scaling = {}] = ofType('AWS::ApplicationAutoScaling::ScalableTarget')
  const tasks = Number(scaling['MinCapacity'])
  const arm = at(task, 'RuntimePlatform', 'CpuArchitecture') === 'ARM64'
  const spot = JSON.stringify(service['CapacityProviderStrategy']).includes('FARGATE_SPOT') ? SPOT_SHARE : 1
  const isPublic = at(service, 'NetworkConfiguration', 'AwsvpcConfiguration', 'AssignPublicIp') === 'ENABLED'
  const zones = ofType('AWS::EC2::VPCEndpoint').flatMap(({ SubnetIds = [] }) => SubnetIds as readonly unknown[])
  const fronted = ofType('AWS::CloudFront::Distribution').length > 0
  const acl = evaluate(global, {
    region: 'us-east-1',
    parameters: { DomainName: 'estat.example.jp', HostedZoneId: 'Z1' },
  })
  const { Rules = [] } = acl.resources['WebAcl']?.properties ?? {}
  const watched = Object.values(evaluate(watch, { parameters: { Front: fronted ? 'cloudfront' : 'tunnel' } }).resources)
  const alarms = watched.filter(({ type }) => type === 'AWS::CloudWatch::Alarm').length
  const lines: readonly Line[] = [
    priced(arm ? 'Fargate vCPU, ARM' : 'Fargate vCPU, x86', (tasks * Number(task['Cpu'])) / 1024, spot),
    priced(arm ? 'Fargate GB, ARM' : 'Fargate GB, x86', (tasks * Number(task['Memory'])) / 1024, spot),
    priced('public IPv4 address', isPublic ? tasks : 0),
    priced('load balancer', ofType('AWS::ElasticLoadBalancingV2::LoadBalancer').length),
    priced('interface endpoint in a zone', zones.length),
    priced('web ACL', fronted ? 1 : 0),
    priced('rule of a web ACL', fronted ? (Rules as readonly unknown[]).length : 0),
    priced('alarm', alarms + ofType('AWS::CloudWatch::Alarm').length),
    priced('dashboard', watched.filter(({ type }) => type === 'AWS::CloudWatch::Dashboard').length),
  ]
  return lines.filter(({ count }) => count > 0)
}

export const totalUsd = (lines: readonly Line[]): number => lines.reduce((sum, { usd }) => sum + usd, 0)

function priced(item: Item, count: number, share = 1): Line {
  const { usd, per } = PRICES[item]
  return { item, count, usd: count * usd * share * (per === 'hour' ? HOURS : 1) }
}

const at = (from: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((here, name) => (here as JsonObject | undefined)?.[name], from)
