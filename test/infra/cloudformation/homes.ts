/** The ways that a home is deployed, as parameters of home.yaml. */
import { evaluate, type Evaluated } from '../../../infra/scripts/cloudformation/evaluate.ts'
import { type JsonObject, readTemplate } from '../../../infra/scripts/cloudformation/read.ts'

export const FRONTED = {
  ImageTag: '0.1.0',
  DomainName: 'estat.example.jp',
  HostedZoneId: 'Z0123456789',
  EdgeCertificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/a',
  WebAclArn: 'arn:aws:wafv2:us-east-1:123456789012:global/webacl/estat/a',
}
export const TUNNELLED = {
  ImageTag: '0.1.0',
  DomainName: 'estat.example.jp',
  Front: 'tunnel',
  TaskSize: 'small',
  CloudflaredImage: 'docker.io/cloudflare/cloudflared:1',
}

/** Every variant that changes what is made. */
export const VARIANTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'CloudFront, two tasks': FRONTED,
  'CloudFront, one task on Spot': { ...FRONTED, Tasks: '1', Spot: 'yes' },
  'CloudFront, ARM, large': { ...FRONTED, Architecture: 'ARM64', TaskSize: 'large' },
  'CloudFront, open': { ...FRONTED, AuthMode: 'open', AppId: 'no' },
  'CloudFront, one key': { ...FRONTED, ApiKey: 'yes', Administration: 'no' },
  'CloudFront, OAuth': { ...FRONTED, AuthMode: 'oauth', OAuthIssuers: '[{"issuer":"https://id.example.jp/"}]' },
  'CloudFront, private': { ...FRONTED, Network: 'private', EstatBaseUrl: 'https://proxy.example.jp' },
  'CloudFront, a second region': { ...FRONTED, LakeRegion: 'ap-northeast-3' },
  'Worker and tunnel': TUNNELLED,
  'Worker and tunnel, default size, two tasks': { ...TUNNELLED, TaskSize: 'default', Tasks: '2' },
}

const template = readTemplate('home.yaml')

export const home = (parameters: Readonly<Record<string, string>>): Evaluated => evaluate(template, { parameters })

export interface Container extends JsonObject {
  readonly Name: string
  readonly Image: string
  readonly Environment: readonly { readonly Name: string; readonly Value: string }[]
  readonly Secrets: readonly { readonly Name: string; readonly ValueFrom: string }[]
}

export const containersOf = ({ resources }: Evaluated): readonly Container[] =>
  (resources['Task']?.properties['ContainerDefinitions'] ?? []) as unknown as readonly Container[]
