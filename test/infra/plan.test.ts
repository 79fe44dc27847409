/** The pure parts of `npm start`: settings, plan of children, what is printed. */
import { describe, expect, it } from 'vitest'
import { announcement } from '../../infra/scripts/start/client-config.ts'
import { kvNamespaceId } from '../../infra/scripts/start/local-key.ts'
import { ORIGIN_FLAGS } from '../../infra/scripts/start/origin-flags.ts'
import { planChildren } from '../../infra/scripts/start/plan.ts'
import { readPorts, readSettings } from '../../infra/scripts/start/settings.ts'

const okp = { kty: 'OKP', crv: 'Ed25519', x: 'public-half', kid: 'k1' } as const
const state = {
  signing: { private: { ...okp, d: 'private-half' }, public: okp },
  links: { private: { ...okp, d: 'half-that-signs-links' }, public: { ...okp, x: 'public-half-of-links' } },
  generation: 'a-run',
  key: {
    id: 'fedcba9876543210',
    text: 'fedcba9876543210.callers-secret',
    record: {
      hash: 'b'.repeat(64),
      tenant: 'estat',
      scopes: ['admin'] as const,
      limit: null,
      expires: null,
      label: '',
    },
  },
  admin: { id: '0123456789abcdef', text: '0123456789abcdef.admin-secret', hash: 'a'.repeat(64) },
}
const ENV = {
  PATH: '/usr/bin',
  HOME: '/home/me',
  https_proxy: 'http://proxy:3128',
  ESTAT_APP_ID: 'my-application-id',
  CLOUDFLARE_API_TOKEN: 'a-token',
  npm_config_registry: 'x',
  ALLOWED_HOSTS: 'a$b.example',
}
const plan = (env: Readonly<Record<string, string>> = ENV) =>
  planChildren(readSettings(env, readPorts(env), state), env, '/bin/node', '/clone')

const TLS = { certPath: '/c.pem', keyPath: '/k.pem', localName: 'localhost', selfMade: true } as const

describe('the plan of children', () => {
  it('serves https under the name that the certificate has', () => {
    const ports = readPorts(ENV)
    const { edge, origin } = planChildren(readSettings(ENV, ports, state, TLS), ENV, '/bin/node', '/clone', TLS)
    expect(edge.args).toEqual(
      expect.arrayContaining(['--local-protocol=https', '--https-cert-path=/c.pem', '--https-key-path=/k.pem']),
    )
    expect(edge.healthUrl).toBe('https://localhost:8787/health')
    expect(origin.env).toMatchObject({ PUBLIC_URL: 'https://localhost:8787' })
    expect(plan().edge.args.join(' ')).not.toContain('https')
  })

  it('tells the origin whom to believe, and gives it alone the application ID', () => {
    const { origin, edge, edgeEnvFile } = plan()
    expect(origin.env).toMatchObject({
      ESTAT_APP_ID: 'my-application-id',
      HOST: '127.0.0.1',
      ORIGIN_ADMIN_KEYS: `0123456789abcdef:${'a'.repeat(64)}`,
      LINK_SIGNING_KEY: JSON.stringify(state.links.private),
      ORIGIN_PUBLIC_KEYS: JSON.stringify([okp]),
      PORT: '8080',
      ADMIN_PORT: '8081',
      ADMIN_HOST: '127.0.0.1',
      EDGE_URL: 'http://127.0.0.1:8787',
      EDGE_ADMIN_KEY: state.key.text,
    })
    expect(JSON.stringify([edge, edgeEnvFile])).not.toMatch(/my-application-id|a-token|half-that-signs-links/)
    expect(JSON.stringify(origin)).not.toMatch(/private-half|admin-secret|npm_config/)
  })

  it('starts the origin with the flags that its memory was measured with, and leaves those of the caller', () => {
    expect(plan().origin.env).toMatchObject(ORIGIN_FLAGS)
    const own = plan({ ...ENV, NODE_OPTIONS: '--max-old-space-size=4096' })
    expect(own.origin.env).toMatchObject({ ...ORIGIN_FLAGS, NODE_OPTIONS: '--max-old-space-size=4096' })
    expect(plan().edge.env).not.toHaveProperty('NODE_OPTIONS')
  })

  it('shows no secret to other users of the machine', () => {
    const { origin, edge } = plan()
    expect(JSON.stringify([origin.command, origin.args, edge.command, edge.args])).not.toMatch(/half|secret|my-app/)
  })

  it('gives the Worker its variables in a file that dotenv reads as they are', () => {
    const { edgeEnvFile } = plan()
    expect(edgeEnvFile.text.split('\n').toSorted()).toEqual([
      '',
      String.raw`ALLOWED_HOSTS='a\$b.example'`,
      `CACHE_GENERATION='a-run'`,
      `CALLER_SIGNING_KEY='${JSON.stringify(state.signing.private)}'`,
      `LINK_PUBLIC_KEYS='${JSON.stringify([state.links.public])}'`,
      `ORIGIN_URL='http://127.0.0.1:8080'`,
    ])
  })

  it('keeps wrangler in the clone, on loopback and quiet', () => {
    const { edge } = plan({ ...ENV, EDGE_PORT: '9001' })
    expect(edge.args).toEqual(
      expect.arrayContaining(['--ip=127.0.0.1', '--port=9001', '--persist-to=/clone/.estat/wrangler']),
    )
    expect(edge.env).toMatchObject({
      WRANGLER_SEND_METRICS: 'false',
      CLOUDFLARE_CF_FETCH_ENABLED: 'false',
      https_proxy: 'http://proxy:3128',
    })
  })

  it('never takes over addresses and keys of the caller: both halves are on this machine', () => {
    const { origin, edgeEnvFile } = plan({
      ...ENV,
      HOST: 'x86_64-linux-gnu',
      ORIGIN_URL: 'https://far.example',
      ORIGIN_PUBLIC_KEYS: '[]',
    })
    expect(origin.env).toMatchObject({ HOST: '127.0.0.1', ORIGIN_PUBLIC_KEYS: JSON.stringify([okp]) })
    expect(edgeEnvFile.text).not.toContain('far.example')
  })
})

describe('settings', () => {
  it.each([
    [{ PORT: 'eighty' }, 'PORT must be a port from 1 to 65535.'],
    [{ EDGE_PORT: '70000' }, 'EDGE_PORT must be a port from 1 to 65535.'],
    [{ EDGE_PORT: '0' }, 'EDGE_PORT must be a port from 1 to 65535.'],
    [{ PORT: '9000', EDGE_PORT: '9000' }, 'PORT and EDGE_PORT are both 9000'],
    [{ PORT: '8787' }, 'PORT and EDGE_PORT are both 8787'],
    [{ ADMIN_PORT: '8080' }, 'PORT and ADMIN_PORT are both 8080'],
    [{ EDGE_PORT: '8081' }, 'EDGE_PORT and ADMIN_PORT are both 8081'],
    [{ S3_BUCKET: 'No Bucket' }, 'S3_BUCKET: '],
  ])('refuses %o', (env, line) => {
    expect(() => plan(env)).toThrow(line)
  })

  it.each(['open', 'oauth', 'oauth+key', 'access'])(
    'refuses the mode %s in one line: its own key could not show the main job',
    (mode) => {
      const start = () => plan({ ...ENV, AUTH_MODE: mode })
      expect(start).toThrow(`AUTH_MODE=${mode} does not take the key`)
      expect(start).toThrow(/^[^\n]+ --var AUTH_MODE:[a-z+]+$/)
    },
  )

  it('takes an empty variable for an absent one', () => {
    expect(readPorts({ PORT: '', EDGE_PORT: ' ' })).toEqual({ origin: 8080, edge: 8787, admin: 8081 })
  })

  it('tells all wrong ones at once under one heading, never their values', () => {
    expect(() => plan({ ...ENV, LOG_LEVEL: 'hush-hush', AUTH_MODE: 'hush-hush' })).toThrow(
      /^Wrong configuration\n {2}LOG_LEVEL: [^\n]+\n {2}AUTH_MODE: [^\n]+$/,
    )
    expect(() => plan({ ...ENV, LOG_LEVEL: 'hush-hush' })).not.toThrow(/hush-hush/)
  })

  it('finds the KV namespace as wrangler names it on this disk', () => {
    const table = '[[kv_namespaces]]\nbinding = "OTHER"\nid = "o"\n\n[[kv_namespaces]]\nbinding = "KEYS"\n'
    expect(kvNamespaceId(table)).toBe('KEYS')
    expect(kvNamespaceId(`${table}id = "k"\n[vars]\npreview_id = "x"\n`)).toBe('k')
    expect(kvNamespaceId(`${table}id = "k"\npreview_id = "p"`)).toBe('p')
    expect(() => kvNamespaceId('[vars]\nbinding = "KEYS"')).toThrow('wrangler.toml has no')
  })
})

describe('what is printed', () => {
  const running = {
    edgeUrl: 'http://127.0.0.1:8787',
    originUrl: 'http://127.0.0.1:8080',
    adminUrl: 'http://127.0.0.1:8081/admin/',
    key: 'id.secret',
    adminKey: 'admin.secret',
    dataDir: '/clone/.estat',
    bucket: 'estat-lake',
    logDir: '/clone/.estat/log',
    live: false,
    tls: null,
  }

  it('says where everything is, and whose figures they are', () => {
    const text = announcement(running)
    for (const wanted of [
      'http://127.0.0.1:8787/mcp',
      'http://127.0.0.1:8081/admin/',
      'admin.secret',
      '/clone/.estat/estat-lake',
      's3://estat-lake',
      '/clone/.estat/log',
    ])
      expect(text).toContain(wanted)
    expect(text).toContain('the bundled sample')
    expect(announcement({ ...running, live: true })).toContain('e-Stat itself')
    expect(text).not.toContain('certificate')
  })

  it('says how to trust a certificate that was made here, and nothing of one that others trust', () => {
    const certPath = '/clone/.estat/tls/localhost.pem'
    expect(announcement({ ...running, tls: { certPath, selfMade: true } })).toContain(`NODE_EXTRA_CA_CERTS=${certPath}`)
    const own = announcement({ ...running, tls: { certPath: '/etc/own.pem', selfMade: false } })
    expect(own).toContain('/etc/own.pem')
    expect(own).not.toContain('NODE_EXTRA_CA_CERTS')
  })
})
