/** The figures and properties that a home on AWS promises, read from what the templates would make. */
import { describe, expect, it } from 'vitest'
import { evaluate } from '../../../infra/scripts/cloudformation/evaluate.ts'
import { type JsonObject, readTemplate } from '../../../infra/scripts/cloudformation/read.ts'
import { METRICS } from '../../../shared/metric-table.ts'
import { containersOf, FRONTED, home, TUNNELLED } from './homes.ts'

const fronted = home(FRONTED)
const of = ({ resources }: ReturnType<typeof home>, name: string): JsonObject => resources[name]?.properties ?? {}
const types = ({ resources }: ReturnType<typeof home>): string[] => Object.values(resources).map(({ type }) => type)
const CACHING_DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad'

interface Behavior {
  readonly PathPattern?: string
  readonly CachePolicyId: string
  readonly ViewerProtocolPolicy: string
}
const distribution = (parameters: Readonly<Record<string, string>>) =>
  of(home(parameters), 'Distribution')['DistributionConfig'] as unknown as {
    readonly DefaultCacheBehavior: Behavior
    readonly CacheBehaviors: readonly Behavior[]
  }

describe('CloudFront', () => {
  it('speaks TLS 1.2 and up, HTTP/2 and 3, behind the web ACL, and waits 60 s for the origin', () => {
    expect(distribution(FRONTED)).toMatchObject({
      HttpVersion: 'http2and3',
      IPV6Enabled: true,
      WebACLId: FRONTED.WebAclArn,
      ViewerCertificate: { MinimumProtocolVersion: 'TLSv1.2_2021', SslSupportMethod: 'sni-only' },
      Origins: [{ VpcOriginConfig: { OriginReadTimeout: 60 } }],
    })
    expect(of(fronted, 'VpcOrigin')).toMatchObject({
      VpcOriginEndpointConfig: { OriginProtocolPolicy: 'https-only', OriginSSLProtocols: ['TLSv1.2'] },
    })
  })

  it('never caches /mcp, and lets no plain HTTP through', () => {
    for (const parameters of [FRONTED, { ...FRONTED, AuthMode: 'open' }]) {
      const { DefaultCacheBehavior, CacheBehaviors } = distribution(parameters)
      expect(DefaultCacheBehavior.CachePolicyId).toBe(CACHING_DISABLED)
      expect(CacheBehaviors.filter(({ PathPattern = '' }) => 'mcp'.startsWith(PathPattern.slice(1, 4)))).toEqual([])
      for (const { ViewerProtocolPolicy } of [DefaultCacheBehavior, ...CacheBehaviors])
        expect(ViewerProtocolPolicy).toBe('https-only')
    }
  })

  it('keeps searches in open mode alone, apart by what the edge says in Vary', () => {
    const paths = (AuthMode: string) =>
      distribution({ ...FRONTED, AuthMode }).CacheBehaviors.map(({ PathPattern }) => PathPattern)
    expect(paths('key')).toEqual(['/files/*'])
    expect(paths('open')).toEqual(['/files/*', '/search'])
    expect(JSON.stringify(of(fronted, 'SearchCache'))).toContain('"X-Estat-App-Id"')
  })

  it('finds a kept file by the link or credential that opened it alone, and for as long as the edge says', () => {
    expect(of(fronted, 'FilesCache')['CachePolicyConfig']).toMatchObject({
      MinTTL: 0,
      DefaultTTL: 0,
      ParametersInCacheKeyAndForwardedToOrigin: {
        HeadersConfig: { Headers: expect.arrayContaining(['Authorization', 'X-API-Key']) as unknown },
        QueryStringsConfig: { QueryStringBehavior: 'all' },
      },
    })
  })

  it('writes itself the headers that tell the edge who calls, and how', () => {
    const edge = containersOf(fronted).find(({ Name }) => Name === 'edge')
    const told = edge?.Environment.filter(({ Name }) => ['CLIENT_ADDRESS_HEADER', 'SCHEME_HEADER'].includes(Name))
    expect(of(fronted, 'OriginRequests')['OriginRequestPolicyConfig']).toMatchObject({
      HeadersConfig: { Headers: expect.arrayContaining((told ?? []).map(({ Value }) => Value)) as unknown },
    })
    expect(told).toHaveLength(2)
  })

  it('answers with security headers', () => {
    expect(of(fronted, 'SecurityHeaders')['ResponseHeadersPolicyConfig']).toMatchObject({
      SecurityHeadersConfig: {
        StrictTransportSecurity: { AccessControlMaxAgeSec: 63_072_000 },
        ContentTypeOptions: { Override: true },
        FrameOptions: { FrameOption: 'DENY' },
      },
    })
  })
})

it('ends floods at the web ACL', () => {
  const { resources, refusals } = evaluate(readTemplate('edge-global.yaml'), {
    region: 'us-east-1',
    parameters: { DomainName: 'estat.example.jp', HostedZoneId: 'Z1' },
  })
  expect(refusals).toEqual([])
  expect(resources['WebAcl']?.properties).toMatchObject({
    Scope: 'CLOUDFRONT',
    Rules: [{ Statement: { RateBasedStatement: { AggregateKeyType: 'IP' } }, Action: { Block: {} } }],
  })
})

it('balances inside, with the health check and the times that were promised', () => {
  expect(of(fronted, 'Balancer')).toMatchObject({
    Scheme: 'internal',
    Subnets: ['<PrivateA>', '<PrivateB>'],
    LoadBalancerAttributes: expect.arrayContaining([{ Key: 'idle_timeout.timeout_seconds', Value: '300' }]) as unknown,
  })
  expect(of(fronted, 'Listener')).toMatchObject({ Protocol: 'HTTPS', Port: 443 })
  expect(of(fronted, 'EdgeTargets')).toMatchObject({
    HealthCheckPath: '/health',
    HealthCheckIntervalSeconds: 30,
    HealthCheckTimeoutSeconds: 10,
    HealthyThresholdCount: 2,
    UnhealthyThresholdCount: 3,
    TargetGroupAttributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '30' }],
  })
})

describe('tasks', () => {
  it('have the sizes that were measured', () => {
    expect(of(fronted, 'Task')).toMatchObject({ Cpu: '512', Memory: '1024' })
    expect(of(home(TUNNELLED), 'Task')).toMatchObject({ Cpu: '256', Memory: '512' })
  })

  it('deploy by rolling, and roll back by themselves', () => {
    expect(of(fronted, 'Service')).toMatchObject({
      DeploymentConfiguration: {
        MinimumHealthyPercent: 100,
        DeploymentCircuitBreaker: { Enable: true, Rollback: true },
      },
      CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE' }],
    })
    expect(of(home({ ...FRONTED, Spot: 'yes' }), 'Service')).toMatchObject({
      CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE_SPOT' }],
    })
  })

  it('scale from one or two to five', () => {
    expect(of(fronted, 'Scaling')).toMatchObject({ MinCapacity: '2', MaxCapacity: 5 })
    expect(of(home({ ...FRONTED, Tasks: '1' }), 'Scaling')).toMatchObject({ MinCapacity: '1', MaxCapacity: 5 })
    expect(of(fronted, 'CpuAbove70')).toMatchObject({ Threshold: 70, AlarmActions: ['<OneMore>'] })
    expect(JSON.stringify(of(fronted, 'CpuBelow30'))).toContain('cpu < 30')
    expect(of(fronted, 'MemoryAbove75')).toMatchObject({ AlarmActions: ['<OneMore>'] })
  })

  it('run as nobody, on a root that is read-only, without capabilities', () => {
    for (const container of [...containersOf(fronted), ...containersOf(home(TUNNELLED))])
      expect(container).toMatchObject({
        ReadonlyRootFilesystem: true,
        LinuxParameters: { Capabilities: { Drop: ['ALL'] } },
      })
    for (const container of containersOf(fronted)) expect(container).toMatchObject({ User: '10001:10001' })
  })

  it('are reached by nobody but the load balancer', () => {
    const open = [fronted, home(TUNNELLED)].map(({ resources }) =>
      Object.values(resources).filter(
        ({ type, properties }) =>
          /SecurityGroup/.test(type) &&
          JSON.stringify(properties['SecurityGroupIngress'] ?? properties).match(/"CidrIp(v6)?":"(0\.0\.0\.0|::)/),
      ),
    )
    // What goes out may go anywhere; what comes in from anywhere is nothing.
    expect(open.flat().filter(({ properties }) => 'SecurityGroupIngress' in properties)).toEqual([])
    expect(types(home(TUNNELLED)).filter((type) => type.includes('SecurityGroupIngress'))).toEqual([])
    expect(of(fronted, 'TaskIngress')).toMatchObject({
      FromPort: 8787,
      SourceSecurityGroupId: '<BalancerGroup.GroupId>',
    })
  })
})

describe('network', () => {
  it('has endpoints for S3 and DynamoDB, and never a NAT', () => {
    const hidden = home({ ...FRONTED, Network: 'private', EstatBaseUrl: 'https://proxy.example.jp' })
    for (const one of [fronted, hidden, home(TUNNELLED)]) {
      expect(types(one).filter((type) => /Nat|EIP/.test(type))).toEqual([])
      expect(of(one, 'S3Endpoint')).toMatchObject({ VpcEndpointType: 'Gateway' })
      expect(of(one, 'DynamoDbEndpoint')).toMatchObject({ VpcEndpointType: 'Gateway' })
    }
    expect(of(hidden, 'Service')).toMatchObject({
      NetworkConfiguration: {
        AwsvpcConfiguration: { AssignPublicIp: 'DISABLED', Subnets: ['<PrivateA>', '<PrivateB>'] },
      },
    })
  })

  it('makes neither load balancer nor CloudFront for a Worker in front', () => {
    expect(
      types(home(TUNNELLED)).filter((type) => /ElasticLoadBalancing|CloudFront|Route53|DynamoDB/.test(type)),
    ).toEqual([])
  })
})

describe('lake', () => {
  it('is encrypted, closed, cleaned up, and stays when the stack goes', () => {
    expect(of(fronted, 'Lake')).toMatchObject({
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true },
      LifecycleConfiguration: {
        Rules: expect.arrayContaining([
          expect.objectContaining({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 2 } }),
          expect.objectContaining({ Prefix: 'cache/', ExpirationInDays: 10 }),
        ]) as unknown,
      },
    })
    const { Lake, EdgeTable, Repository } = readTemplate('home.yaml').Resources
    for (const kept of [Lake, EdgeTable, Repository]) expect(kept).toMatchObject({ DeletionPolicy: 'Retain' })
  })

  it('is asked in a workgroup that decides where results go and how much a query may read', () => {
    expect(of(fronted, 'Workgroup')['WorkGroupConfiguration']).toMatchObject({
      EnforceWorkGroupConfiguration: true,
      BytesScannedCutoffPerQuery: '10240000000',
      ResultConfiguration: { OutputLocation: 's3://<Lake>/athena-results/' },
    })
  })

  it('is made once where two regions share it', () => {
    const second = home({ ...FRONTED, LakeRegion: 'ap-northeast-3' })
    expect(types(second).filter((type) => /S3::Bucket|DynamoDB|Glue|Athena/.test(type))).toEqual([])
    const bucket = containersOf(second)[0]?.Environment.find(({ Name }) => Name === 'S3_BUCKET')
    expect(bucket?.Value).toBe('estat-lake-123456789012-ap-northeast-3')
  })
})

describe('alarms', () => {
  const watch = evaluate(readTemplate('watch.yaml'), { parameters: { AlarmEmail: 'a@example.jp' } })
  const alarms = Object.values(watch.resources).filter(({ type }) => type === 'AWS::CloudWatch::Alarm')

  it('look at metrics that the code counts, and at those of AWS', () => {
    const ours = alarms.filter(
      ({ properties }) => (properties['Namespace'] as string | undefined)?.startsWith('estat-mcp/') === true,
    )
    expect(ours.length).toBeGreaterThan(1)
    for (const { properties } of ours) {
      const metric = METRICS[properties['MetricName'] as keyof typeof METRICS]
      const labels = (properties['Dimensions'] as unknown as { Name: string }[]).map(({ Name }) => Name)
      // CloudWatch does not add up over dimensions: an alarm names the service alone, or every label.
      expect([['service'], ['service', ...metric.labels]]).toContainEqual(labels)
    }
    const shown = JSON.stringify(watch.resources['Dashboard']).match(/estat_\w+/g) ?? []
    expect(shown.filter((name) => !(name in METRICS))).toEqual([])
  })

  it('cover what was promised, and tell somebody', () => {
    expect(Object.keys(watch.resources)).toEqual(
      expect.arrayContaining([
        'NoTask',
        'Unhealthy',
        'CpuAbove80',
        'MemoryAbove80',
        'Errors',
        'Throttles',
        'FailedJobs',
        'Budget',
      ]),
    )
    for (const { properties } of alarms) expect(properties['AlarmActions']).toEqual(['<AlarmTopic>'])
  })

  it('have a dashboard that is JSON', () => {
    const body = watch.resources['Dashboard']?.properties['DashboardBody'] as string
    expect((JSON.parse(body) as { widgets: unknown[] }).widgets).toHaveLength(5)
    const tunnel = evaluate(readTemplate('watch.yaml'), { parameters: { Front: 'tunnel' } })
    expect(
      () => JSON.parse(tunnel.resources['Dashboard']?.properties['DashboardBody'] as string) as unknown,
    ).not.toThrow()
  })
})

it.each([
  ['a small task with an edge in it', { ...FRONTED, TaskSize: 'small' }, 'origin alone'],
  ['CloudFront without its certificate', { ...FRONTED, EdgeCertificateArn: '' }, 'edge-global.yaml'],
  ['private tasks that ask e-Stat', { ...FRONTED, Network: 'private' }, 'EstatBaseUrl'],
  ['a tunnel without an image', { ...TUNNELLED, CloudflaredImage: '' }, 'CloudflaredImage'],
  ['OAuth without issuers', { ...FRONTED, AuthMode: 'oauth' }, 'OAuthIssuers'],
])('refuses %s before anything is made', (_what, parameters, word) => {
  expect(home(parameters).refusals.join()).toContain(word)
})
