/**
 * `GET /admin/`: one document that needs nothing else and holds no data. What it may run is its own script, named by
 * its hash (CSP Level 3, 6.7.3.3), and nothing may turn text into markup (`require-trusted-types-for`).
 */
import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import * as metrics from './browser-metrics.ts'
import * as sections from './browser-sections.ts'
import * as tools from './browser-tools.ts'
import { LABELS } from './labels.ts'
import { STYLE } from './style.ts'

/**
 * The text of the functions as this process runs them: types are gone by then. A bundler may have given them other
 * names; the functions of one file know each other by those, and those of other files by the names they are exported by.
 */
export function pageScript(): string {
  const functions = [tools, sections, metrics].flatMap((module) => Object.entries(module))
  const renamed = functions.filter(([name, { name: now }]) => name !== now)
  return `'use strict'
const LABELS = ${JSON.stringify(LABELS)}
const state = {
  key: sessionStorage.getItem('key') ?? '',
  lang: localStorage.getItem('lang') ?? (navigator.language.startsWith('ja') ? 'ja' : 'en'),
}
${renamed.map(([name, { name: now }]) => `const ${name} = ${now}\n`).join('')}
${functions.map(([, text]) => String(text)).join('\n')}
main()
`.replaceAll('</', String.raw`<\/`)
}

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

export function adminPage() {
  const script = pageScript()
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(STYLE)}`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ')
  const html = `<!doctype html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<link rel="icon" href="data:,">
<title>e-Stat MCP 管理</title>
<style>${STYLE}</style>
</head>
<body>
<noscript>This page needs JavaScript; the same is at /admin/health, /admin/jobs and the others as JSON.</noscript>
<script>${script}</script>
</body>
</html>
`
  return (c: Context): Response | Promise<Response> => c.html(html, 200, { 'content-security-policy': policy })
}
