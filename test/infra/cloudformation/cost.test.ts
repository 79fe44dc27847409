/** The cost table of infra/cloudformation/README.md is that of the templates. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readTemplate, TEMPLATES } from '../../../infra/scripts/cloudformation/read.ts'
import { billed, totalUsd } from '../../../infra/scripts/cost/count.ts'
import { withTables } from '../../../infra/scripts/cost/page.ts'
import { HOMES } from '../../../infra/scripts/cost/table.ts'

const templates = {
  global: readTemplate('edge-global.yaml'),
  home: readTemplate('home.yaml'),
  watch: readTemplate('watch.yaml'),
}

it('is on the page as it is computed (npm run cost -- --write)', () => {
  const page = readFileSync(join(TEMPLATES, 'README.md'), 'utf8')
  expect(withTables(page, templates)).toBe(page)
})

it('counts what the templates make', () => {
  const [vcpu, memory, ...others] = billed(templates, {})
  // Two tasks of half a vCPU and one GB: 1 × 0.05056 × 730 and 2 × 0.005536 × 730.
  expect(vcpu).toMatchObject({ item: 'Fargate vCPU, x86', count: 1, usd: expect.closeTo(36.909, 3) as number })
  expect(memory).toMatchObject({ item: 'Fargate GB, x86', count: 2, usd: expect.closeTo(8.083, 3) as number })
  expect(Object.fromEntries(others.map(({ item, count }) => [item, count]))).toMatchObject({
    'public IPv4 address': 2,
    'load balancer': 1,
    'web ACL': 1,
    dashboard: 1,
  })
})

it('knows what each choice saves', () => {
  const usd = (parameters: Readonly<Record<string, string>>): number => totalUsd(billed(templates, parameters))
  expect(usd({ Tasks: '1' })).toBeLessThan(usd({}))
  expect(usd({ Spot: 'yes' })).toBeLessThan(usd({ Architecture: 'ARM64' }))
  expect(usd({ Architecture: 'ARM64' })).toBeLessThan(usd({}))
  expect(usd(HOMES['CloudFront, two tasks, private'] ?? {})).toBeGreaterThan(usd({}))
  expect(() => usd({ TaskSize: 'small' })).toThrow('origin alone')
})
