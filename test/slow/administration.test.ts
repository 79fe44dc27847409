/** The administration as it runs: a listener of its own in the origin's process, and its page in a real browser. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CHROMIUM, openPage } from '../support/chromium.ts'
import { callTool, freePort, type OriginProcess, startOrigin } from '../e2e/origin-process.ts'
import { readPrometheus } from '../support/prometheus-reader.ts'

let origin: OriginProcess
let adminUrl: string
beforeAll(async () => {
  const port = await freePort()
  adminUrl = `http://127.0.0.1:${port}`
  origin = await startOrigin({ env: { ADMIN_PORT: String(port) } })
  await callTool(origin, 'ingest_dataset', { dataset_id: '0003410379' })
})
afterAll(() => origin.close())

const statusOf = async (url: string): Promise<number> =>
  (await fetch(url, { headers: { 'x-api-key': origin.adminKey } })).status

it('answers on its own port alone, and nothing else does there', async () => {
  expect(await statusOf(`${adminUrl}/admin/health`)).toBe(200)
  expect(await statusOf(`${origin.url}/admin/health`)).toBe(404)
  expect(await statusOf(`${origin.url}/admin/`)).toBe(404)
  expect(await statusOf(`${adminUrl}/tools`)).toBe(404)
  expect(await statusOf(`${origin.url}/tools`)).toBe(200)
})

it('sees what the process did: DuckDB in its child, the table, the counters, the log', async () => {
  const get = (path: string) => fetch(`${adminUrl}${path}`, { headers: { 'x-api-key': origin.adminKey } })
  const health = (await (await get('/admin/health')).json()) as { dependencies: { name: string; status: string }[] }
  expect(health.dependencies.find(({ name }) => name === 'duckdb')).toMatchObject({ status: 'ok' })
  expect(health.dependencies.find(({ name }) => name === 'disk')?.status).not.toBe('off')
  expect(await (await get('/admin/lake')).json()).toMatchObject({ tables: [{ name: 'd_0003410379', snapshots: 1 }] })
  const families = readPrometheus(await (await get('/admin/metrics')).text())
  expect(families.get('estat_tool_calls_total')?.samples).toContainEqual(
    expect.objectContaining({ labels: { tool: 'ingest_dataset', outcome: 'ok' } }),
  )
  expect(families.get('estat_job_changes_total')?.samples.map(({ labels }) => labels['state'])).toContain('done')
  const lines = origin
    .log()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  expect(lines).toContainEqual(expect.objectContaining({ event: 'request', tools: ['ingest_dataset'], status: 200 }))
  expect(origin.log()).not.toContain(origin.adminKey.split('.')[1])
})

if (CHROMIUM === null)
  process.stderr.write('LEFT OUT: the page of the administration in a browser, for want of Chromium\n')
describe.runIf(CHROMIUM !== null)('in a browser', () => {
  it('the page asks for the key, shows what is there as text, and breaks no rule of its own', async () => {
    const page = await openPage(CHROMIUM ?? '', `${adminUrl}/admin/`)
    const enter = (key: string): Promise<void> =>
      page.evaluate(
        `document.querySelector('#key').value = ${JSON.stringify(key)}; document.querySelector('form').requestSubmit()`,
      )
    try {
      await page.until(`document.querySelector('#key')`)
      expect(await page.evaluate('document.documentElement.lang')).toBe('ja')
      await enter('wrong')
      await page.until(`document.querySelector('.door .hint').textContent !== ''`)
      expect(page.complaints.splice(0)).toEqual([expect.stringContaining('401')])
      await enter(origin.adminKey)
      await page.until(`document.querySelector('#when')?.textContent !== ''`)
      for (const [section, text] of [
        ['health', 'DuckDB'],
        ['jobs', 'ingest_dataset'],
        ['lake', 'd_0003410379'],
        ['cache', '消去'],
        ['keys', 'npm run keys'],
        ['metrics', 'ingest_dataset'],
      ])
        expect([section, await page.evaluate(`document.querySelector('#${section}').innerText`)]).toEqual([
          section,
          expect.stringContaining(text ?? ''),
        ])
      expect(await page.evaluate(`document.documentElement.scrollWidth <= innerWidth`)).toBe(true)
      await page.evaluate(`[...document.querySelectorAll('header button')].at(-1).click()`)
      await page.until(`document.documentElement.lang === 'en'`)
      expect(await page.evaluate(`document.querySelector('#jobs h2').innerText`)).toBe('Jobs')
      await expect(page.evaluate(`document.body.innerHTML = '<p>markup</p>'`)).rejects.toThrow('TrustedHTML')
      await page.evaluate(`document.querySelectorAll('header button')[1].click()`)
      expect(await page.evaluate(`sessionStorage.getItem('key')`)).toBe(null)
      expect(page.complaints.filter((text) => !text.includes('TrustedHTML'))).toEqual([])
    } finally {
      await page.close()
    }
  })
})
