import { beforeEach, describe, expect, it } from 'vitest'
import { originLine } from '../../edge/origin-line.ts'

let time = 0
let sent = 0
let answer: (request: Request) => Response | Promise<Response>
let line: ReturnType<typeof originLine>
beforeEach(() => {
  time = 1_000_000
  sent = 0
  answer = down
  line = originLine({
    now: () => time,
    async send(request) {
      sent += 1
      return answer(request)
    },
  })
})

const down = (): never => {
  throw new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } })
}
const refused = (): never => {
  throw new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } })
}
const status = (code: number, type: string) => () =>
  new Response('{}', { status: code, headers: { 'content-type': type } })

const make = (method: string) => (): Request =>
  new Request('http://origin.invalid/mcp', { method, ...(method === 'POST' ? { body: '{}' } : {}) })
const ask = (method = 'POST', left = false): Promise<string> =>
  line(make(method), () => left).then(
    (response) => String(response.status),
    (error: Error) => error.message,
  )
async function many(times: number): Promise<readonly string[]> {
  const said: string[] = []
  for (let at = 0; at < times; at++) said.push(await ask())
  return said
}

const LEFT_ALONE = 'The server that holds the statistics does not answer.'

describe('the line to the origin', () => {
  it('leaves an origin alone that failed five times in a row, with one that tries every five seconds', async () => {
    expect(await many(7)).toEqual([...Array<string>(5).fill('fetch failed'), LEFT_ALONE, LEFT_ALONE])
    expect(sent).toBe(5)
    time += 4_999
    expect(await ask()).toBe(LEFT_ALONE)
    time += 1
    expect(await many(3)).toEqual(['fetch failed', LEFT_ALONE, LEFT_ALONE])
    time += 5_000
    answer = status(200, 'application/json')
    expect(await many(3)).toEqual(['200', '200', '200'])
  })

  it('says when to ask again', async () => {
    await many(5)
    time += 1_500
    await expect(line(make('POST'), () => false)).rejects.toMatchObject({
      code: 'ESTAT_UNAVAILABLE',
      retryAfterSeconds: 4,
    })
  })

  it('lets another try where the one that tries is never heard of again', async () => {
    await many(5)
    time += 5_000
    answer = () => new Promise<never>(() => {})
    void ask()
    answer = status(200, 'application/json')
    expect(await ask()).toBe(LEFT_ALONE)
    time += 5_000
    expect(await ask()).toBe('200')
  })

  it.each([
    ['what the origin refuses', status(404, 'application/json')],
    ['a failure of its own', status(503, 'application/json; charset=utf-8')],
  ])('takes %s for an answer', async (_name, said) => {
    answer = said
    await many(20)
    expect(sent).toBe(20)
  })

  it('takes the error page of what stands in front of it for none', async () => {
    answer = status(502, 'text/html')
    expect((await many(6)).at(-1)).toBe(LEFT_ALONE)
  })

  it('takes a client that left for no sign', async () => {
    for (let at = 0; at < 20; at++) await ask('POST', true)
    expect(sent).toBe(20)
  })

  it('begins to count anew with every answer', async () => {
    for (let round = 0; round < 5; round++) {
      answer = down
      await many(4)
      answer = status(200, 'application/json')
      expect(await ask()).toBe('200')
    }
  })

  it('asks once more where nothing was sent or nothing can change, and only there', async () => {
    const attempts = async (method: string, failing: () => never): Promise<[string, number]> => {
      sent = 0
      answer = () => (sent === 1 ? failing() : status(200, 'application/json')())
      return [await ask(method), sent]
    }
    expect(await attempts('GET', down)).toEqual(['200', 2])
    expect(await attempts('POST', refused)).toEqual(['200', 2])
    expect(await attempts('POST', down)).toEqual(['fetch failed', 1])
    expect(await attempts('DELETE', down)).toEqual(['fetch failed', 1])
  })
})
