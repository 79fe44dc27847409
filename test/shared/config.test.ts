import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ConfigError, EdgeConfig, OriginConfig, parseConfig } from '../../shared/config.ts'

const signing = JSON.stringify({ kty: 'OKP', crv: 'Ed25519', x: 'open-half', d: 'hidden-half' })
const edge = { ORIGIN_URL: 'http://127.0.0.1:8080', CALLER_SIGNING_KEY: signing }

describe('parseConfig', () => {
  it('fills in every default but a secret', () => {
    expect(parseConfig(EdgeConfig, edge)).toMatchObject({
      AUTH_MODE: 'key',
      ALLOW_OPEN: '0',
      ALLOWED_HOSTS: [],
      RATE_LIMIT_PER_MINUTE: 100,
      CALLER_SIGNING_KEY: { d: 'hidden-half' },
    })
    const origin = parseConfig(OriginConfig, {})
    expect(origin).not.toHaveProperty('ESTAT_APP_ID')
    expect(origin).toMatchObject({
      PORT: 8080,
      HOST: '127.0.0.1',
      S3_BUCKET: 'estat-lake',
      ESTAT_DATA_DIR: '.estat',
      ESTAT_LOCAL_PATHS: 'auto',
      ORIGIN_PUBLIC_KEYS: [],
      ORIGIN_ADMIN_KEYS: [],
      LOG_LEVEL: 'info',
    })
  })

  it('takes an empty variable for an absent one, and lists in any spacing', () => {
    const { ALLOWED_HOSTS, AUTH_MODE } = parseConfig(EdgeConfig, {
      ...edge,
      AUTH_MODE: '',
      ALLOWED_HOSTS: ' A.example , b.example,',
    })
    expect({ ALLOWED_HOSTS, AUTH_MODE }).toEqual({ ALLOWED_HOSTS: ['a.example', 'b.example'], AUTH_MODE: 'key' })
    const hash = 'a'.repeat(64)
    expect(parseConfig(OriginConfig, { ORIGIN_ADMIN_KEYS: `admin001:${hash}` }).ORIGIN_ADMIN_KEYS).toEqual([
      { id: 'admin001', hash },
    ])
  })

  it('names every variable at fault', () => {
    expect(() => parseConfig(EdgeConfig, { AUTH_MODE: 'oauth2', RATE_LIMIT_PER_MINUTE: '0' })).toThrow(ConfigError)
    expect(() => parseConfig(EdgeConfig, { AUTH_MODE: 'oauth2', RATE_LIMIT_PER_MINUTE: '0' })).toThrow(
      /ORIGIN_URL: is required[\s\S]*AUTH_MODE: [\s\S]*CALLER_SIGNING_KEY: is required[\s\S]*RATE_LIMIT_PER_MINUTE/,
    )
    expect(() => parseConfig(OriginConfig, { PORT: 'eighty' })).toThrow(/PORT: /)
  })

  it('never repeats a value', () => {
    const secrets = fc.stringMatching(/^[A-Z]{12,30}$/).map((text) => `sEcReT${text}`)
    const variable = fc.constantFrom(...Object.keys(EdgeConfig.shape), ...Object.keys(OriginConfig.shape))
    const messageOf = (act: () => unknown): string => {
      try {
        act()
        return ''
      } catch (error) {
        return String(error)
      }
    }
    fc.assert(
      fc.property(variable, secrets, (name, secret) =>
        [EdgeConfig, OriginConfig].every(
          (schema) => !messageOf(() => parseConfig(schema, { ...edge, [name]: secret })).includes(secret),
        ),
      ),
    )
  })

  it('describes every variable', () => {
    for (const schema of [EdgeConfig, OriginConfig])
      for (const field of Object.values(schema.shape)) expect(field.description).toMatch(/\.$/)
  })
})
