/** What the container's files promise that can be read off them; `npm run test:container` builds and runs the image. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { ENTRIES } from '../../infra/docker/bundle/make.ts'
import { ORIGIN_FLAGS } from '../../infra/scripts/start/origin-flags.ts'

const root = new URL('../../', import.meta.url)
const text = (path: string): string => readFileSync(new URL(path, root), 'utf8')

it('the origin of the container has the flags of npm start, and a caller’s own come before them', () => {
  const said = text('infra/docker/run').matchAll(/^ {2}export (\w+)="\$\{(\w+):-(.*)\}"$/gm)
  const flags = Array.from(said, ([, name, own, value]) => [name, own, value]).slice(
    0,
    Object.keys(ORIGIN_FLAGS).length,
  )
  expect(flags).toEqual(Object.entries(ORIGIN_FLAGS).map(([name, value]) => [name, name, value]))
})

it('the container starts programs that the bundle has, and can be started', () => {
  const started = Array.from(text('infra/docker/run').matchAll(/exec node "\$PWD\/(\w+)\.mjs"/g), ([, name]) =>
    String(name),
  )
  expect(started.toSorted()).toEqual(['edge', 'keys', 'origin'])
  expect(Object.keys(ENTRIES)).toEqual(expect.arrayContaining(started))
  expect(statSync(fileURLToPath(new URL('infra/docker/run', root))).mode & 0o111).toBe(0o111)
})

it('the image is built from what the bundle needs, and from nothing that a clone keeps to itself', () => {
  const lines = text('.dockerignore').split('\n')
  const taken = lines.flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []))
  const copied = Array.from(text('infra/docker/Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm), ([, names]) =>
    String(names).split(' '),
  )
  expect(taken.toSorted()).toEqual(copied.flat().toSorted())
  expect(taken.filter((path) => !existsSync(new URL(path, root)))).toEqual([])
  for (const entry of Object.values(ENTRIES)) expect(taken).toContain(entry.split('/')[0])
  expect(lines.slice(0, lines.indexOf('!package.json'))).toContain('*')
})

it('both stages can be pinned by a digest, and the last is nobody of the machine', () => {
  const dockerfile = text('infra/docker/Dockerfile')
  expect(Array.from(dockerfile.matchAll(/^FROM (\S+)/gm), ([, base]) => base)).toEqual(['${BASE}', '${RUNTIME}'])
  expect(dockerfile.split('FROM ${RUNTIME}')[1]).toMatch(/^USER 10001:10001$/m)
})
