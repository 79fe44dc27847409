/**
 * Every caller against every tool of the registry, over each way in, at the edge and again at the origin (issue 5,
 * "Isolation"). What is expected follows from the caller's scopes and the tool's; a new tool is in it by itself.
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { TOOLS } from '../../origin/tools/registry.ts'
import { hasScope } from '../../shared/scope.ts'
import type { Scope } from '../../shared/server-info.ts'
import { posting, toolCall } from '../edge/fixture.ts'
import { type House, openHouse } from '../support/house.ts'
import { callOver, type HouseCaller, heard, houseCallers, WAYS } from '../support/house-callers.ts'
import { askOrigin } from '../support/house-origin.ts'

let house: House
let callers: readonly HouseCaller[]
beforeAll(async () => {
  house = await openHouse()
  callers = await houseCallers(house, await house.linkTo('alpha/csv/a.csv'))
})
afterAll(() => house.close())

type Expected = 'UNAUTHORIZED' | 'FORBIDDEN' | 'let in'
const expected = (who: Pick<HouseCaller, 'tenant' | 'scopes'>, needed: Scope): Expected => {
  if (who.tenant === null) return 'UNAUTHORIZED'
  return hasScope(who, needed) ? 'let in' : 'FORBIDDEN'
}
/** Without arguments most tools refuse in their own words: that is past the doors. */
const outcomeOf = (code: string | null): string => (code === 'UNAUTHORIZED' || code === 'FORBIDDEN' ? code : 'let in')

it('lets each caller to the tools of its scopes and to no other, and asks the origin for nobody else', async () => {
  const [found, wanted]: [string[], string[]] = [[], []]
  for (const who of callers)
    for (const way of WAYS)
      for (const { name, scope } of TOOLS) {
        const before = house.passed.length
        const { code } = await callOver(house, way, who, name, {})
        const asked = house.passed.length > before ? 'origin asked' : 'origin not asked'
        const should = expected(who, scope)
        found.push(`${who.name}, ${way}, ${name}: ${outcomeOf(code)}, ${asked}`)
        wanted.push(`${who.name}, ${way}, ${name}: ${should}, origin ${should === 'let in' ? 'asked' : 'not asked'}`)
      }
  expect(found).toEqual(wanted)
  expect(found.length).toBeGreaterThan(500)
})

it('shows each caller the tools that it may call and no other', async () => {
  const [found, wanted]: [unknown[], unknown[]] = [[], []]
  for (const { name, headers, tenant, scopes } of callers) {
    const response = await house.request('/tools', { headers })
    const { tools } = (await response.json()) as { tools?: readonly { name: string }[] }
    const may = TOOLS.filter(({ scope }) => hasScope({ scopes }, scope)).map((tool) => tool.name)
    found.push([name, response.status, tools?.map((tool) => tool.name)])
    wanted.push(tenant === null ? [name, 401, undefined] : [name, 200, may])
  }
  expect(found).toEqual(wanted)
})

it('holds the scopes again at the origin, whatever an edge let pass', async () => {
  const [found, wanted]: [string[], string[]] = [[], []]
  for (const scopes of [[], ['read'], ['lake'], ['admin'], ['read', 'lake']] as const)
    for (const { name, scope } of TOOLS)
      for (const [path, body] of [
        ['/execute', { tool_name: name, arguments: {} }],
        [`/tools/${name}`, {}],
        ['/mcp', toolCall(name, {})],
      ] as const) {
        const caller = { id: 'k', tenant: 'beta', scopes }
        const { code, text } = await heard(await askOrigin(house, { path, body, caller }))
        const isUnknown = text.includes(`Tool ${name} not found`)
        const should = expected(caller, scope)
        // By MCP a caller is offered the tools of its scopes, and no other is there to be called.
        const refused = path === '/mcp' ? 'unknown' : 'FORBIDDEN'
        found.push(`${scopes.join(' ')}, ${path}, ${name}: ${isUnknown ? 'unknown' : outcomeOf(code)}`)
        wanted.push(`${scopes.join(' ')}, ${path}, ${name}: ${should === 'let in' ? should : refused}`)
      }
  expect(found).toEqual(wanted)
})

it.each([
  '/tools/load%5Fto%5Ficeberg',
  '/tools/load_to_iceberg/',
  '/tools/load_to_iceberg%00',
  '/tools/load_to_iceberg%20',
  '/tools/load_to_iceberg?tool_name=lookup',
  '/tools/lookup/../load_to_iceberg',
  '/tools/lookup/..%2Fload_to_iceberg',
  '/tools//load_to_iceberg',
  '//tools/load_to_iceberg',
  '/tools/Load_to_iceberg',
  '/TOOLS/load_to_iceberg',
  '/k/../tools/load_to_iceberg',
  '/execute/',
  '//execute',
  '/%65xecute',
  '/k/mcp/',
  '/k//mcp',
  '/k/%6dcp',
  '//mcp',
])('is not led past the scopes by the path %s', async (path) => {
  const reader = callers.find(({ scopes }) => scopes[0] === 'read') as HouseCaller
  const both = { ...toolCall('load_to_iceberg', {}), tool_name: 'load_to_iceberg', arguments: {} }
  const before = house.passed.length
  const response = await house.request(path, posting(both, { ...reader.headers }))
  expect([response.status, house.passed.length]).toEqual([expect.toBeOneOf([401, 403, 404, 405]), before])
})
