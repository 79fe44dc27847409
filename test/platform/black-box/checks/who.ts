/** Who asks, what for, how much: and what is said to those who may not. */
import type { Check } from '../target.ts'
import { ALL, assert, call, post, raw, READ, type Sent } from './ask.ts'

const refusal = async (response: Response, status: number, code: string): Promise<void> => {
  const text = await response.text()
  assert.equal(response.status, status, text.slice(0, 200))
  const body = JSON.parse(text) as { error: { code: unknown; data?: { code: unknown } } }
  assert.equal(body.error.data?.code ?? body.error.code, code)
}

export const WHO: readonly Check[] = [
  {
    name: 'health, welcome, and who we are',
    async run({ url }) {
      const health = await fetch(`${url}/health`)
      const { status, origin } = (await health.json()) as Record<string, unknown>
      assert.deepEqual([health.status, status, origin], [200, 'healthy', 'up'])
      const welcome = (await (await fetch(url)).json()) as { endpoints: object }
      assert.ok('mcp' in welcome.endpoints)
    },
  },
  {
    name: '401 without a key and with a wrong one, with a challenge',
    async run(target) {
      const wrong = `${(await target.issueKey(READ)).split('.')[0]}.${'x'.repeat(43)}`
      const wrongs: readonly Sent[] = [{}, { 'x-api-key': wrong }, { authorization: `Bearer ${wrong}` }]
      for (const headers of wrongs) {
        const response = await post(target, '/mcp', call('lookup', {}), headers)
        assert.match(response.headers.get('www-authenticate') ?? '', /^Bearer/)
        await refusal(response, 401, 'UNAUTHORIZED')
      }
    },
  },
  {
    name: 'a key by X-API-Key and by Bearer',
    async run(target) {
      const key = await target.issueKey(READ)
      const rights: readonly Sent[] = [{ 'x-api-key': key }, { authorization: `Bearer ${key}` }]
      for (const headers of rights) {
        const response = await fetch(`${target.url}/tools`, { headers })
        assert.equal(response.status, 200)
        const { tools } = (await response.json()) as { tools: readonly { name: string }[] }
        assert.ok(tools.some(({ name }) => name === 'search_estat_data'))
      }
    },
  },
  {
    name: '403 for a tool beyond the scope',
    async run(target) {
      const key = await target.issueKey(READ)
      await refusal(
        await post(target, '/execute', { tool_name: 'load_to_iceberg', arguments: {} }, { 'x-api-key': key }),
        403,
        'FORBIDDEN',
      )
    },
  },
  {
    name: '403 for a foreign host and a foreign page',
    async run(target) {
      const key = await target.issueKey(READ)
      const foreign = { origin: 'https://evil.example', 'x-api-key': key }
      assert.equal((await fetch(`${target.url}/tools`, { headers: foreign })).status, 403)
      if (target.cannot['raw-http'] !== undefined) return
      const answer = await raw(target, 'GET /tools HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n')
      assert.match(answer, /^HTTP\/1\.1 403 /)
    },
  },
  {
    name: '404, 405 with Allow, 413',
    async run(target) {
      await refusal(await fetch(`${target.url}/nothing`), 404, 'NOT_FOUND')
      const key = await target.issueKey(READ)
      const put = await fetch(`${target.url}/execute`, { method: 'PUT', headers: { 'x-api-key': key } })
      assert.deepEqual([put.status, put.headers.get('allow')], [405, 'POST'])
      const large = await post(target, '/execute', ' '.repeat(1_000_001), { 'x-api-key': key })
      await refusal(large, 413, 'TOO_LARGE')
    },
  },
  {
    name: '429 after exactly the limit, with Retry-After',
    async run(target) {
      const key = await target.issueKey({ scopes: ['read'], limit: 5 })
      const ask = () =>
        post(target, '/mcp', call('get_estat_table_url', { dataset_id: '0003410379' }), { 'x-api-key': key })
      const answers = await Promise.all(Array.from({ length: 12 }, ask))
      assert.equal(answers.filter(({ status }) => status === 200).length, 5)
      const refused = answers.find(({ status }) => status === 429)
      assert.ok(refused)
      assert.ok(Number(refused.headers.get('retry-after')) >= 1)
      assert.match(refused.headers.get('ratelimit-policy') ?? '', /q=5;w=60/)
      await refusal(refused, 429, 'RATE_LIMITED')
    },
  },
  {
    name: 'a key that was taken back opens nothing',
    async run(target) {
      const key = await target.issueKey(ALL)
      await target.revoke(key)
      // Never seen before it was taken back, so no memory is in the way.
      await refusal(await post(target, '/mcp', call('lookup', {}), { 'x-api-key': key }), 401, 'UNAUTHORIZED')
    },
  },
  {
    name: 'no header makes a caller somebody else',
    async run(target) {
      const key = await target.issueKey(READ)
      const spoofed = {
        'x-api-key': key,
        'x-estat-caller': 'forged',
        'x-estat-tenant': 'other',
        'x-forwarded-for': '9.9.9.9',
        'cf-connecting-ip': '9.9.9.9',
        'cloudfront-viewer-address': '9.9.9.9:1',
        forwarded: 'for=9.9.9.9',
        cookie: 'a=b',
      }
      const before = target.relay.passed.length
      const response = await post(target, '/mcp', call('get_estat_table_url', { dataset_id: '0003410379' }), spoofed)
      assert.equal(response.status, 200)
      await response.text()
      const heard = JSON.stringify(target.relay.passed.slice(before).map(({ headers }) => headers))
      for (const trace of ['9.9.9.9', 'forged', '"other"', 'a=b', key]) assert.ok(!heard.includes(trace), trace)
    },
  },
  {
    name: 'an address is not taken from a client: wrong keys are counted together',
    async run(target) {
      const statuses = await Promise.all(
        Array.from({ length: 60 }, async (_, at) => {
          const headers = { 'x-api-key': `${'0'.repeat(16)}.${'x'.repeat(43)}`, 'x-forwarded-for': `9.9.9.${at}` }
          return (await post(target, '/mcp', call('lookup', {}), headers)).status
        }),
      )
      assert.ok(statuses.includes(429), `wrong keys from many claimed addresses were all ${statuses[0]}`)
    },
  },
]
