import { describe, expect, it } from 'vitest'
import { isIn, readToolsets, TOOLSETS, writeToolsets } from '../../shared/toolsets.ts'

const read = (query: string) => readToolsets(`https://h.example/mcp${query}`)

describe('toolsets of a URL', () => {
  it.each<[query: string, sets: readonly string[] | null]>([
    ['', null],
    ['?toolsets=', null],
    ['?other=lake', null],
    ['?toolsets=all', null],
    ['?toolsets=lake,all', null],
    ['?toolsets=search', ['search']],
    ['?toolsets=lake,search', ['search', 'lake']],
    ['?toolsets=%20Fetch%20,,fetch', ['fetch']],
    ['?toolsets=fetch&toolsets=jobs', ['fetch', 'jobs']],
  ])('%s', (query, sets) => expect(read(query)).toEqual(sets))

  it.each(['?toolsets=tables', '?toolsets=search,tables', '?toolsets=all,tables', '?toolsets=constructor'])(
    'none is called so: %s',
    (query) =>
      expect(() => read(query)).toThrow(
        expect.objectContaining({
          code: 'INVALID_PARAMETER',
          message: expect.stringMatching(/toolset "(tables|constructor)"/),
          hint: expect.stringContaining('search, fetch, files, lake, jobs, all'),
        }),
      ),
  )

  it('are read again as they are written', () => {
    for (const sets of [null, ['search'], TOOLSETS] as const) expect(read(writeToolsets(sets))).toEqual(sets)
  })

  it('hold a tool that is in one of them', () => {
    expect([isIn(null, ['lake']), isIn(['fetch', 'lake'], ['lake']), isIn(['search'], ['lake'])]).toEqual([
      true,
      true,
      false,
    ])
  })
})
