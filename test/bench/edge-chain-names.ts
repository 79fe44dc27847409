/** In the order of `edge-chain.ts`, which runs inside workerd. */
export const CHAIN_NAMES = [
  'head',
  'request id',
  'observe',
  'security headers',
  'https',
  'body',
  'host and origin',
  'json',
  'authenticate',
  'authorize',
  'rate limit',
] as const
