/** The certificate of `npm start -- --https`. */
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer, get } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openTls } from '../../infra/scripts/start/certificate.ts'
import { trusting } from '../../infra/scripts/start/trust.ts'
import { planted } from '../toolchain/planted.ts'

const NOW = Date.now()
const DAY_MS = 86_400_000
const folder = () => planted({ 'package.json': '{}', '.estat/run/keep': '' })
const files = (root: string) => ({
  certPath: join(root, '.estat/tls/localhost.pem'),
  keyPath: join(root, '.estat/tls/localhost-key.pem'),
})

describe('the certificate of a clone', () => {
  it('is made once, for this machine alone, in files that only their owner reads', async () => {
    const root = await folder()
    const made = await openTls(root, {}, NOW)
    expect(made).toEqual({ ...files(root), localName: '127.0.0.1', selfMade: true })
    for (const path of [made.certPath, made.keyPath]) expect(statSync(path).mode & 0o777).toBe(0o600)
    const text = readFileSync(made.certPath, 'utf8')
    const certificate = new X509Certificate(text)
    expect([certificate.checkHost('localhost'), certificate.checkIP('127.0.0.1'), certificate.checkIP('::1')]).toEqual([
      'localhost',
      '127.0.0.1',
      '::1',
    ])
    expect(certificate.checkHost('example.com')).toBeUndefined()
    // Whoever trusts it trusts no other that it could have signed.
    expect(certificate.ca).toBe(false)
    await openTls(root, {}, NOW + 300 * DAY_MS)
    expect(readFileSync(made.certPath, 'utf8')).toBe(text)
  })

  it('is made anew before it ends, and where its key is another', async () => {
    const root = await folder()
    const { certPath, keyPath } = await openTls(root, {}, NOW)
    const first = readFileSync(certPath, 'utf8')
    await openTls(root, {}, NOW + 340 * DAY_MS)
    const second = readFileSync(certPath, 'utf8')
    expect(second).not.toBe(first)
    const other = await openTls(await folder(), {}, NOW)
    writeFileSync(keyPath, readFileSync(other.keyPath))
    await openTls(root, {}, NOW + 340 * DAY_MS)
    expect(readFileSync(certPath, 'utf8')).not.toBe(second)
  })

  it('is believed by whoever trusts it, under every name of this machine', async () => {
    const root = await folder()
    const { certPath, keyPath } = await openTls(root, {}, NOW)
    const cert = readFileSync(certPath)
    const server = createServer({ cert, key: readFileSync(keyPath) }, (_request, response) => response.end('here'))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const ask = (options: object) =>
      new Promise<unknown>((resolve) => {
        get({ host: '127.0.0.1', port, agent: false, ...options }, (response) => {
          response.resume()
          resolve(response.statusCode)
        }).on('error', (error: NodeJS.ErrnoException) => resolve(error.code))
      })
    expect(await ask({ ca: cert })).toBe(200)
    expect(await ask({ ca: cert, servername: 'localhost' })).toBe(200)
    expect(await ask({})).toBe('DEPTH_ZERO_SELF_SIGNED_CERT')
  })

  it('is handed to a child beside what its user trusts already', async () => {
    const root = await folder()
    const tls = await openTls(root, {}, NOW)
    const extra = join(root, 'company.pem')
    writeFileSync(extra, 'THE COMPANY')
    expect(trusting({ A: 'b' }, root, null)).toEqual({ A: 'b' })
    const { NODE_EXTRA_CA_CERTS: path = '' } = trusting({ NODE_EXTRA_CA_CERTS: extra }, root, tls)
    expect(readFileSync(path, 'utf8')).toBe(`THE COMPANY\n${readFileSync(tls.certPath, 'utf8')}`)
  })
})

describe("a certificate of the user's own", () => {
  it('is used as it is', async () => {
    const { certPath: cert, keyPath: key } = await openTls(await folder(), {}, NOW)
    expect(await openTls('/', { cert, key }, NOW)).toEqual({
      certPath: cert,
      keyPath: key,
      localName: '127.0.0.1',
      selfMade: false,
    })
  })

  it('is refused in one line where it cannot be', async () => {
    const [mine, other] = [await openTls(await folder(), {}, NOW), await openTls(await folder(), {}, NOW)]
    const pair = (cert?: string, key?: string, now = NOW) => openTls('/', { cert, key }, now)
    await expect(pair(mine.certPath)).rejects.toThrow('needs both')
    await expect(pair(undefined, mine.keyPath)).rejects.toThrow('needs both')
    await expect(pair(mine.certPath, other.keyPath)).rejects.toThrow('do not belong together')
    await expect(pair(mine.keyPath, mine.keyPath)).rejects.toThrow('cannot be read')
    await expect(pair('/nowhere', mine.keyPath)).rejects.toThrow('cannot be read')
    await expect(pair(mine.certPath, mine.keyPath, NOW + 400 * DAY_MS)).rejects.toThrow('has ended')
  })
})
