/** `infra/compose/docker-compose.yml` as `docker-compose config` reads it, and what it promises. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { EdgeServerConfig, OriginConfig, parseConfig } from '../../shared/config.ts'
import { newSigningKey } from '../platform/workerd.ts'

const folder = fileURLToPath(new URL('../../infra/compose', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'compose-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))
const there = spawnSync('docker-compose', ['version']).status === 0
if (!there)
  process.stdout.write(
    'The compose file is not read: docker-compose is not installed (Debian: apt-get install docker-compose).\n',
  )

interface Service {
  readonly environment?: Readonly<Record<string, string>>
  readonly command?: readonly string[]
  readonly ports?: readonly unknown[]
  readonly read_only?: boolean
  readonly cap_drop?: readonly string[]
  readonly security_opt?: readonly string[]
}

interface Read {
  readonly status: number | null
  /** What is wrong with it. */
  readonly said: string
  readonly services: Readonly<Record<string, Service>>
}

/** @param env What `.env` holds, as `.env.example` says it: JSON in single quotes. */
function read(env: Readonly<Record<string, string>>): Read {
  const file = join(scratch, '.env')
  writeFileSync(
    file,
    Object.entries(env)
      .map(([name, value]) => `${name}='${value}'\n`)
      .join(''),
  )
  const own = { PATH: process.env['PATH'], HOME: process.env['HOME'] }
  const asked = spawnSync('docker-compose', ['--env-file', file, 'config'], { cwd: folder, env: own, encoding: 'utf8' })
  // docker-compose 1 is Python, with the parser that it reads with.
  const toJson = 'import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin) or {}))'
  const json = spawnSync('python3', ['-c', toJson], { input: asked.stdout, encoding: 'utf8' })
  const { services = {} } = JSON.parse(json.stdout) as { services?: Read['services'] }
  return { status: asked.status, said: asked.stderr, services }
}

async function settings() {
  const { d: secret, ...open } = await newSigningKey()
  const [key, keys] = [JSON.stringify({ ...open, d: secret }), JSON.stringify([open])]
  return {
    DOMAIN: 'estat.example.jp',
    CALLER_SIGNING_KEY: key,
    ORIGIN_PUBLIC_KEYS: keys,
    LINK_SIGNING_KEY: key,
    LINK_PUBLIC_KEYS: keys,
  }
}

const text = (name: string): string => readFileSync(join(folder, name), 'utf8')

describe.runIf(there)('docker-compose.yml', () => {
  it('is read, with settings that origin and edge take', async () => {
    const { status, said, services } = read(await settings())
    expect([status, said]).toEqual([0, ''])
    expect(Object.keys(services).toSorted()).toEqual(['certbot', 'edge', 'nginx', 'origin'])
    const origin = parseConfig(OriginConfig, { ...services['origin']?.environment })
    expect(origin).toMatchObject({ HOST: '0.0.0.0', PORT: 8080, ADMIN_PORT: 8081 })
    const edge = parseConfig(EdgeServerConfig, { ...services['edge']?.environment, EDGE_HOST: '0.0.0.0' })
    expect(edge).toMatchObject({
      ALLOWED_HOSTS: ['estat.example.jp'],
      AUTH_MODE: 'key',
      ORIGIN_URL: 'http://origin:8080',
    })
    expect(services).toMatchObject({ origin: { command: ['origin'] }, edge: { command: ['edge'] } })
  })

  it.each(['DOMAIN', 'CALLER_SIGNING_KEY', 'ORIGIN_PUBLIC_KEYS', 'LINK_SIGNING_KEY', 'LINK_PUBLIC_KEYS'])(
    'is refused without %s',
    async (name) => {
      const { status, said } = read({ ...(await settings()), [name]: '' })
      expect([status, said]).toEqual([1, expect.stringContaining('Missing mandatory value')])
    },
  )

  it('gives each secret to the one that needs it', async () => {
    const { services } = read({ ...(await settings()), ESTAT_APP_ID: 'an-id-of-the-test' })
    const holders = (name: string): readonly string[] =>
      Object.entries(services).flatMap(([service, { environment = {} }]) => (name in environment ? [service] : []))
    expect(holders('CALLER_SIGNING_KEY')).toEqual(['edge'])
    expect(holders('LINK_SIGNING_KEY')).toEqual(['origin'])
    expect(holders('ESTAT_APP_ID')).toEqual(['origin'])
  })

  it('lets nothing but nginx be reached from elsewhere, and nothing be written or gained', async () => {
    const { services } = read(await settings())
    // docker-compose writes some as text and some as fields.
    const ports = Object.entries(services).flatMap(([name, own]) => (own.ports ?? []).map((port) => ({ name, port })))
    const reached = ports.filter(({ port }) => !JSON.stringify(port).includes('127.0.0.1'))
    expect(reached.map(({ name }) => name)).toEqual(['nginx', 'nginx'])
    for (const service of Object.values(services))
      expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] })
  })
})

describe('the files beside it', () => {
  it('.env.example names every variable that the compose file takes but two sizes and the level of the log, and holds no secret', () => {
    const taken = new Set(Array.from(text('docker-compose.yml').matchAll(/\$\{([A-Z_]+)/g), ([, name]) => String(name)))
    const lines = text('.env.example')
      .split('\n')
      .filter((line) => /^[A-Z]/.test(line))
    const named = new Map(lines.map((line) => line.split(/=(.*)/s) as [string, string]))
    expect([...taken].filter((name) => !named.has(name)).toSorted()).toEqual([
      'EDGE_MEMORY',
      'LOG_LEVEL',
      'ORIGIN_MEMORY',
    ])
    expect([...named.keys()].filter((name) => !taken.has(name))).toEqual(['EMAIL'])
    expect([...named].filter(([name, value]) => /KEY|APP_ID/.test(name) && value !== '')).toEqual([])
  })

  it('nginx.conf writes the headers that the edge is told to believe, and finds the edge by its name', () => {
    const compose = text('docker-compose.yml')
    const believed = (setting: string): string => String(new RegExp(`${setting}: (\\S+)`).exec(compose)?.[1])
    expect(text('nginx.conf')).toContain(`proxy_set_header ${believed('CLIENT_ADDRESS_HEADER')} $remote_addr;`)
    expect(text('nginx.conf')).toContain(`proxy_set_header ${believed('SCHEME_HEADER')} $scheme;`)
    expect(text('nginx.conf')).toContain('set $edge edge:8787;')
  })
})
