/** oxlint's walls hold type-only imports too, which are gone at run time: each is proved by a planted violation. */
import { execFile } from 'node:child_process'
import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { planted } from './planted.ts'

const root = join(import.meta.dirname, '../..')
const oxlint = join(root, 'node_modules/.bin/oxlint')

interface Report {
  readonly diagnostics: readonly { readonly filename: string; readonly code: string; readonly message: string }[]
}

/** `file: rule` for everything oxlint says of `files` under the project's own configuration. */
async function lint(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const folder = await planted(files)
  await copyFile(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'))
  const output = await new Promise<string>((resolve) => {
    execFile(oxlint, ['--format=json', '.'], { cwd: folder }, (_, stdout) => resolve(stdout))
  })
  const { diagnostics } = JSON.parse(output) as Report
  return diagnostics.map(({ filename, code }) => `${filename}: ${/\((.*)\)/.exec(code)?.[1]}`).toSorted()
}

const typeFrom = (specifier: string): string => `import type { X } from '${specifier}'\nexport type Y = X\n`

it('refuses imports through a wall, type-only ones too', async () => {
  const through = {
    'edge/a.ts': typeFrom('../origin/x.ts'),
    'edge/domain/a.ts': typeFrom('hono'),
    'edge/middleware/a.ts': typeFrom('node:fs'),
    'edge/platform/a.ts': typeFrom('../../origin/x.ts'),
    'origin/a.ts': typeFrom('../edge/x.ts'),
    'origin/adapters/a.ts': typeFrom('../../test/x.ts'),
    'origin/estat/a.ts': typeFrom('../adapters/x.ts'),
    'origin/lake/a.ts': typeFrom('node:buffer'),
    'origin/tools/a.ts': typeFrom('../adapters/x.ts'),
    'shared/a.ts': typeFrom('../origin/x.ts'),
    'shared/b.ts': typeFrom('node:crypto'),
  }
  expect(await lint(through)).toEqual(Object.keys(through).map((file) => `${file}: no-restricted-imports`))
})

it('lets pass what stays inside', async () => {
  const inside = {
    'edge/platform/node.ts': typeFrom('node:http'),
    'edge/app.ts': typeFrom('../shared/x.ts'),
    'origin/adapters/a.ts': typeFrom('node:fs'),
    'origin/estat/a.ts': typeFrom('../../shared/x.ts'),
    'origin/tools/a.ts': typeFrom('../ports.ts'),
  }
  expect(await lint(inside)).toEqual([])
})

it('keeps the environment and the outside world out', async () => {
  const found = await lint({
    'origin/app.ts': 'export const home = process.env.HOME\n',
    'origin/main.ts': 'export const home = process.env.HOME\n',
    'origin/estat/a.ts': "export const f = () => fetch('x')\n",
    'edge/domain/a.ts': 'export const f = () => performance.now()\n',
    'shared/fs.ts': "import { readFileSync } from 'fs'\nexport const f = readFileSync\n",
  })
  expect(found).toEqual([
    'edge/domain/a.ts: no-restricted-globals',
    'origin/app.ts: no-process-env',
    'origin/estat/a.ts: no-restricted-globals',
    'shared/fs.ts: prefer-node-protocol',
  ])
})
