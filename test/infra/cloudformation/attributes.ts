/**
 * Of each resource type in our templates: the attributes that GetAtt may ask for, and where its tags are, null where it
 * takes none. From the `readOnlyProperties` and `tagging` of AWS's resource schemas; `npm run test:templates` compares
 * this table with those that cfn-lint brings.
 */
interface Known {
  readonly attributes: readonly string[]
  readonly tags: 'Tags' | 'ResourceTags' | null
}

const known = (attributes: readonly string[], tags: Known['tags'] = 'Tags'): Known => ({ attributes, tags })

export const KNOWN: Readonly<Record<string, Known>> = {
  // Takes tags by the newest schema and not by the one before: its service is tagged.
  'AWS::ApplicationAutoScaling::ScalableTarget': known(['Id'], null),
  'AWS::ApplicationAutoScaling::ScalingPolicy': known(['Arn'], null),
  'AWS::Athena::WorkGroup': known(['CreationTime']),
  'AWS::Budgets::Budget': known(['Id'], 'ResourceTags'),
  'AWS::CertificateManager::Certificate': known(['CertificateArn']),
  'AWS::CloudFront::CachePolicy': known(['Id', 'LastModifiedTime'], null),
  'AWS::CloudFront::Distribution': known(['Id', 'DomainName']),
  'AWS::CloudFront::OriginRequestPolicy': known(['Id', 'LastModifiedTime'], null),
  'AWS::CloudFront::ResponseHeadersPolicy': known(['Id', 'LastModifiedTime'], null),
  'AWS::CloudFront::VpcOrigin': known(['Id', 'Arn', 'AccountId', 'Status', 'CreatedTime', 'LastModifiedTime']),
  'AWS::CloudWatch::Alarm': known(['Arn']),
  'AWS::CloudWatch::Dashboard': known([]),
  'AWS::DynamoDB::Table': known(['Arn', 'StreamArn']),
  'AWS::EC2::InternetGateway': known(['InternetGatewayId']),
  'AWS::EC2::Route': known(['CidrBlock'], null),
  'AWS::EC2::RouteTable': known(['RouteTableId']),
  'AWS::EC2::SecurityGroup': known(['Id', 'GroupId']),
  'AWS::EC2::SecurityGroupIngress': known(['Id'], null),
  'AWS::EC2::Subnet': known(['SubnetId', 'NetworkAclAssociationId', 'Ipv6CidrBlocks']),
  'AWS::EC2::SubnetRouteTableAssociation': known(['Id'], null),
  'AWS::EC2::VPC': known(['VpcId', 'DefaultSecurityGroup', 'DefaultNetworkAcl', 'CidrBlockAssociations']),
  'AWS::EC2::VPCEndpoint': known(['Id', 'NetworkInterfaceIds', 'CreationTimestamp', 'DnsEntries']),
  'AWS::EC2::VPCGatewayAttachment': known(['AttachmentType'], null),
  'AWS::ECR::Repository': known(['Arn', 'RepositoryUri']),
  'AWS::ECS::Cluster': known(['Arn']),
  'AWS::ECS::Service': known(['ServiceArn', 'Name']),
  'AWS::ECS::TaskDefinition': known(['TaskDefinitionArn']),
  'AWS::ElasticLoadBalancingV2::Listener': known(['ListenerArn']),
  'AWS::ElasticLoadBalancingV2::LoadBalancer': known([
    'LoadBalancerArn',
    'LoadBalancerName',
    'LoadBalancerFullName',
    'CanonicalHostedZoneID',
    'DNSName',
  ]),
  'AWS::ElasticLoadBalancingV2::TargetGroup': known([
    'LoadBalancerArns',
    'TargetGroupArn',
    'TargetGroupName',
    'TargetGroupFullName',
  ]),
  'AWS::Glue::Database': known([], null),
  'AWS::IAM::Role': known(['Arn', 'RoleId']),
  'AWS::Logs::LogGroup': known(['Arn']),
  'AWS::Route53::RecordSet': known([], null),
  'AWS::S3::Bucket': known(['Arn', 'DomainName', 'DualStackDomainName', 'RegionalDomainName', 'WebsiteURL']),
  'AWS::S3::BucketPolicy': known([], null),
  'AWS::SNS::Subscription': known(['Arn'], null),
  'AWS::SNS::Topic': known(['TopicArn']),
  'AWS::WAFv2::WebACL': known(['Arn', 'Capacity', 'Id', 'LabelNamespace']),
}
