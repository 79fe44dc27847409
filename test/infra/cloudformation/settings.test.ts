/** What the task definition tells edge and origin is what they read, and all that they need. */
import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { EdgeServerConfig, OriginConfig, parseConfig } from '../../../shared/config.ts'
import { type Container, containersOf, home, VARIANTS } from './homes.ts'

/** Read by Node itself. */
const SYSTEM = new Set(['TMPDIR'])
/** Both halves of a pair are kept in one place; public ones are no secrets. */
const PUBLIC = new Set(['ORIGIN_PUBLIC_KEYS', 'LINK_PUBLIC_KEYS'])
const SCHEMAS = { edge: EdgeServerConfig, origin: OriginConfig }
/** The word that the README's tables have of every secret. */
const isSecret = (name: string, { shape }: typeof EdgeServerConfig | typeof OriginConfig): boolean =>
  /A secret\.|Keys of administrators/.test((shape as Record<string, { description?: string }>)[name]?.description ?? '')

const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
const { d: _, ...publicHalf } = jwk
/** What would stand in Parameter Store. */
const STORED: Readonly<Record<string, string>> = {
  CALLER_SIGNING_KEY: JSON.stringify(jwk),
  LINK_SIGNING_KEY: JSON.stringify(jwk),
  ORIGIN_PUBLIC_KEYS: JSON.stringify([publicHalf]),
  LINK_PUBLIC_KEYS: JSON.stringify([publicHalf]),
  ORIGIN_ADMIN_KEYS: `abcdefgh:${'0'.repeat(64)}`,
  ESTAT_APP_ID: 'application-id',
  MCP_API_KEY: 'abcdefghijklmnop',
}

const environment = ({ Environment, Secrets }: Container): Record<string, string> => ({
  ...Object.fromEntries(Environment.map(({ Name, Value }) => [Name, Value])),
  ...Object.fromEntries(Secrets.map(({ Name }) => [Name, STORED[Name] ?? ''])),
})

describe.each(Object.entries(VARIANTS))('%s', (_name, parameters) => {
  const evaluated = home(parameters)
  const containers = containersOf(evaluated)
  const ours = containers.flatMap((container) =>
    container.Name === 'edge' || container.Name === 'origin' ? [{ container, schema: SCHEMAS[container.Name] }] : [],
  )

  it('is allowed by the rules of the template', () => {
    expect(evaluated.refusals).toEqual([])
    expect(containers.map(({ Name }) => Name)).toEqual([
      'origin',
      parameters['Front'] === 'tunnel' ? 'cloudflared' : 'edge',
    ])
  })

  it('tells settings that exist, each once', () => {
    for (const { container, schema } of ours) {
      const names = [...container.Environment, ...container.Secrets].map(({ Name }) => Name)
      expect(names.filter((name) => !(name in schema.shape) && !SYSTEM.has(name))).toEqual([])
      expect(names.length).toBe(new Set(names).size)
    }
  })

  it('tells all that is needed, in a form that is understood', () => {
    for (const { container, schema } of ours) expect(() => parseConfig(schema, environment(container))).not.toThrow()
  })

  it('takes every secret from Parameter Store, and nothing else', () => {
    for (const { container, schema } of ours) {
      expect(container.Environment.map(({ Name }) => Name).filter((name) => isSecret(name, schema))).toEqual([])
      for (const { Name, ValueFrom } of container.Secrets) {
        expect(ValueFrom).toBe(`/estat/${Name}`)
        expect(isSecret(Name, schema) || PUBLIC.has(Name)).toBe(true)
      }
    }
  })
})

it('gives cloudflared its token from Parameter Store', () => {
  const [, tunnel] = containersOf(home(VARIANTS['Worker and tunnel'] ?? {}))
  expect(tunnel?.Secrets).toEqual([{ Name: 'TUNNEL_TOKEN', ValueFrom: '/estat/TUNNEL_TOKEN' }])
})

it('knows a setting that is missing', () => {
  const edge = containersOf(home(VARIANTS['CloudFront, two tasks'] ?? {})).find(
    ({ Name }) => Name === 'edge',
  ) as Container
  const { ORIGIN_URL: __, ...without } = environment(edge)
  expect(() => parseConfig(EdgeServerConfig, without)).toThrow('ORIGIN_URL: is required')
})
