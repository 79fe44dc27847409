import { describe, expect, it } from 'vitest'
import { ConfigError, EdgeConfig, parseConfig } from '../../shared/config.ts'
import { identityOf } from '../../shared/identity.ts'

const signing = JSON.stringify({ kty: 'OKP', crv: 'Ed25519', x: 'open-half', d: 'hidden-half' })
const BASE = { ORIGIN_URL: 'http://127.0.0.1:8080', CALLER_SIGNING_KEY: signing }
const parse = (env: Record<string, string>) => parseConfig(EdgeConfig, { ...BASE, ...env })
const identity = (env: Record<string, string>, host?: string) =>
  identityOf({ ...parse(env), ...(host === undefined ? {} : { EDGE_HOST: host }) })
const issuers = (...entries: object[]): string => JSON.stringify(entries)
const ISSUER = 'https://issuer.example/realm'

/** What a wrong configuration is told, without its heading. */
function problems(act: () => unknown): readonly string[] {
  try {
    act()
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

describe('settings of identity', () => {
  it('have defaults that need nothing', () => {
    expect(identity({})).toEqual({
      mode: 'key',
      allowOpen: false,
      publicUrl: null,
      singleKey: null,
      oauth: null,
      access: null,
    })
  })

  it('fill in what an issuer leaves out', () => {
    const { oauth, publicUrl } = identity({
      AUTH_MODE: 'oauth+key',
      OAUTH_ISSUERS: issuers({ issuer: ISSUER }),
      ALLOWED_HOSTS: 'stats.example',
      PUBLIC_URL: 'https://Stats.example/',
      OAUTH_SCOPES: 'read',
    })
    expect(publicUrl).toBe('https://stats.example')
    expect(oauth).toEqual({
      issuers: [
        { issuer: ISSUER, scope_claims: ['scope', 'scp'], scope_prefix: '', default_scopes: [], tenant: 'estat' },
      ],
      firstScopes: ['read'],
    })
  })

  it('are not used by a mode that does not have them', () => {
    const env = { OAUTH_ISSUERS: issuers({ issuer: ISSUER }), ACCESS_TEAM_DOMAIN: 'a.cloudflareaccess.com' }
    expect(identity(env)).toMatchObject({ mode: 'key', oauth: null, access: null })
  })

  it('give everybody behind Access a scope, and some another', () => {
    const { access } = identity({
      AUTH_MODE: 'access',
      ACCESS_TEAM_DOMAIN: 'Kakei.cloudflareaccess.com',
      ACCESS_AUDIENCES: 'AA, bb',
      ACCESS_SCOPES: 'read',
      ACCESS_GRANTS: JSON.stringify([{ who: 'Hanako@example.jp', scopes: ['admin'] }]),
    })
    expect(access).toEqual({
      teamDomain: 'kakei.cloudflareaccess.com',
      audiences: ['aa', 'bb'],
      scopes: ['read'],
      grants: [{ who: 'hanako@example.jp', scopes: ['admin'], tenant: 'estat' }],
    })
  })
})

it('a wrong list of issuers is told where', () => {
  const list = issuers({ issuer: ISSUER }, { issuer: ISSUER.replace('https', 'http'), tenant: 'Upper' })
  expect(problems(() => parse({ OAUTH_ISSUERS: list }))).toEqual([
    'OAUTH_ISSUERS: must be a list of issuers, each once, with https URLs as JSON; wrong at 1.issuer, 1.tenant',
  ])
})

describe('what cannot work', () => {
  const oauth = { AUTH_MODE: 'oauth', OAUTH_ISSUERS: issuers({ issuer: ISSUER }) }

  it.each([
    ['oauth without issuers', { AUTH_MODE: 'oauth' }, /`oauth` needs OAUTH_ISSUERS/],
    ['both without issuers', { AUTH_MODE: 'oauth+key' }, /`oauth\+key` needs OAUTH_ISSUERS/],
    ['oauth off loopback without a URL', { ...oauth, ALLOWED_HOSTS: 'stats.example' }, /needs PUBLIC_URL, the https/],
    [
      'oauth off loopback with a plain one',
      { ...oauth, ALLOWED_HOSTS: 'stats.example:443', PUBLIC_URL: 'http://localhost:8787' },
      /needs PUBLIC_URL, the https/,
    ],
    ['access without a team', { AUTH_MODE: 'access', ACCESS_AUDIENCES: 'aa' }, /needs ACCESS_TEAM_DOMAIN/],
    [
      'access without an application',
      { AUTH_MODE: 'access', ACCESS_TEAM_DOMAIN: 'a.cloudflareaccess.com' },
      /needs ACCESS_AUDIENCES/,
    ],
  ])('%s is refused in plain words', (_name, env, words) => {
    expect(problems(() => identity(env))).toEqual([expect.stringMatching(words)])
  })

  it('knows loopback by the address that is bound as well', () => {
    expect(problems(() => identity({ ...oauth, ALLOWED_HOSTS: 'localhost:8787' }, '127.0.0.1'))).toEqual([])
    expect(problems(() => identity(oauth, '0.0.0.0'))).toEqual([expect.stringMatching(/PUBLIC_URL/)])
  })

  it.each([
    ['MCP_API_KEY', 'fifteen-letters'],
    ['MCP_API_KEY', 'with a space in it, long'],
    ['MCP_API_KEY', `${'a'.repeat(10)}.${'b'.repeat(10)}.${'c'.repeat(10)}`],
    ['MCP_API_KEY_SCOPES', 'read,write'],
    ['OAUTH_SCOPES', ' , '],
    ['PUBLIC_URL', 'http://stats.example'],
    ['PUBLIC_URL', 'https://stats.example/estat'],
    ['PUBLIC_URL', 'stats.example'],
    ['ACCESS_TEAM_DOMAIN', 'stats.example'],
    ['ACCESS_GRANTS', '[{"who":"a","scopes":["all"]}]'],
    ['OAUTH_ISSUERS', '[]'],
    ['OAUTH_ISSUERS', 'https://issuer.example'],
    ['OAUTH_ISSUERS', issuers({ issuer: 'http://issuer.example' })],
    ['OAUTH_ISSUERS', issuers({ issuer: `${ISSUER}?tenant=1` })],
    ['OAUTH_ISSUERS', issuers({ issuer: ISSUER }, { issuer: ISSUER })],
    ['OAUTH_ISSUERS', issuers({ issuer: ISSUER, jwks_uri: 'http://issuer.example/keys' })],
    ['OAUTH_ISSUERS', issuers({ issuer: ISSUER, audience: 'misspelt' })],
    ['OAUTH_ISSUERS', issuers({ issuer: ISSUER, audiences: [] })],
    ['OAUTH_ISSUERS', issuers({ issuer: ISSUER, scope_prefix: 'a "quoted" one/' })],
    ['OAUTH_ISSUERS', issuers({ issuer: ISSUER, tenant: 'raw' })],
    ['AUTH_MODE', 'oauth2'],
  ])('%s=%s is refused by its name, without its value', (name, value) => {
    const said = problems(() => parse({ [name]: value }))
    expect(said).toEqual([expect.stringMatching(new RegExp(`^${name}: must|^${name}: Invalid`))])
    expect(said.join()).not.toContain(value)
  })
})
