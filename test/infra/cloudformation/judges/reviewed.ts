/** What cfn-lint and checkov say of the templates and we leave so, each with its reason. What they no longer say falls out. */

/** cfn-lint, by rule and what the message names. */
export const CFN_LINT: Readonly<Record<string, string>> = {
  'W1030 EdgeCertificateArn':
    'empty with Front=tunnel, where nothing takes it; a rule of the template asks for it elsewhere',
}

/** checkov, by check and resource. */
export const CHECKOV: Readonly<Record<string, string>> = {
  'CKV_AWS_192 WebAcl':
    'the rule against Log4j: nothing here is Java; managed rule groups look into bodies that are SQL and Japanese',
  'CKV_AWS_26 AlarmTopic':
    'alarms hold no secret, and CloudWatch cannot publish to a topic under the key that AWS manages',
  'CKV_AWS_23 TaskGroup': 'every rule has a description; checkov does not read those inside Fn::If',
  'CKV_AWS_23 BalancerGroup': 'every rule has a description; checkov does not read those inside Fn::If',
  'CKV_AWS_91 Balancer':
    'the edge logs each request, without keys and arguments; a second log of URLs would hold links to files',
  'CKV_AWS_86 Distribution':
    'the edge logs each request, without keys and arguments; a second log of URLs would hold links to files',
  'CKV_AWS_68 Distribution': 'the web ACL is the parameter WebAclArn, which checkov cannot see',
  'CKV_AWS_18 Lake': 'one role reads and writes the bucket; its requests are in the log of edge and origin',
  'CKV_AWS_21 Lake':
    'Iceberg keeps versions itself; versions of expired files would be kept and billed against its retention',
  'CKV_AWS_119 EdgeTable':
    'holds hashes of keys, under the key that AWS owns; a key of our own costs a dollar a month and guards against nobody else',
  'CKV_AWS_136 Repository': 'holds the public image of an open project',
  'CKV_AWS_158 Logs':
    'holds no secret and no argument, encrypted by CloudWatch; a key of our own adds a cost and a way to lock oneself out',
  'CKV_AWS_65 Cluster': 'a choice (Insights), billed by custom metrics',
}
