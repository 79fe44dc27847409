/**
 * What AWS asks in Tokyo (ap-northeast-1), US dollars, without tax and free tiers, as found on 2026-11-20. AWS's own
 * price list could not be reached from where this was written: each price says where it was read. Check them before
 * you rely on them (https://calculator.aws/).
 */
export interface Price {
  readonly usd: number
  readonly per: 'hour' | 'month'
  /** Where it was read; `no source found` where it is written from memory. */
  readonly source: string
}

export const PRICES_OF = '2026-11-20'
/** As AWS counts a month. */
export const HOURS = 730

const clyr = 'www.clyr.co.jp, Fargate in Tokyo as of 2025-09'
const graviton = 'a fifth below x86, as vantage.sh shows for us-east-1'

export const PRICES = {
  'Fargate vCPU, x86': { usd: 0.050_56, per: 'hour', source: clyr },
  'Fargate GB, x86': { usd: 0.005_536, per: 'hour', source: clyr },
  'Fargate vCPU, ARM': { usd: 0.040_45, per: 'hour', source: graviton },
  'Fargate GB, ARM': { usd: 0.004_43, per: 'hour', source: graviton },
  'public IPv4 address': { usd: 0.005, per: 'hour', source: 'no source found' },
  'load balancer': {
    usd: 0.0243,
    per: 'hour',
    source: 'aws.darcy-it.com, ALB in Tokyo; capacity units (0.008 an hour each) come on top',
  },
  'interface endpoint in a zone': {
    usd: 0.014,
    per: 'hour',
    source: 'no source found for Tokyo; 0.01 in us-east-1 (hcl-guide.com)',
  },
  'web ACL': { usd: 5, per: 'month', source: 'c3x.dev, AWS WAF, all regions' },
  'rule of a web ACL': { usd: 1, per: 'month', source: 'c3x.dev, AWS WAF, all regions' },
  alarm: { usd: 0.1, per: 'month', source: 'no source found' },
  dashboard: { usd: 3, per: 'month', source: 'no source found' },
} as const satisfies Readonly<Record<string, Price>>

export type Item = keyof typeof PRICES

/** Spot is "up to 70 %" cheaper (AWS); what it is today AWS says in the console. */
export const SPOT_SHARE = 0.3

/** What the system that this one replaces costs a month at rest, as its guides say. */
export const REPLACED_USD = 33
