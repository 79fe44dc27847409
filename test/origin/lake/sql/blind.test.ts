/**
 * Attacks and queries by somebody who had not seen the allow-list, before anything was tuned to them. At their first
 * run 230 of 233 attacks were refused and 99 of 118 queries taken; what is still refused of the queries is told here.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { guardSql } from '../../../../origin/lake/sql/guard.ts'
import { Fault } from '../../../../shared/fault.ts'

const OPTIONS = { tables: ['d_0000010101', 'd_0003448237', 'catalog'], database: 'estat' }

interface Attack {
  readonly id: string
  readonly class: string
  readonly sql: string
}
interface Legitimate {
  readonly id: string
  readonly about: string
  readonly sql: string
}

const read = (file: string): unknown => JSON.parse(readFileSync(new URL(`blind/${file}.json`, import.meta.url), 'utf8'))

const ATTACKS = read('attacks') as readonly Attack[]
const LEGITIMATE = read('legitimate') as readonly Legitimate[]

/** Refused on purpose, each with what its refusal says. */
const REFUSED: Readonly<Record<string, readonly [why: string, says: RegExp]>> = {
  L024: ['recursion has no bound that can be read off it', /RECURSIVE/],
  L029: ['Trino groups by names of columns alone there', /ROLLUP groups by an expression/],
  L036: ['the n largest come as an array of no type that an answer could show', /max_by/],
  L042: ['Trino counts buckets from either end, DuckDB not at all', /width_bucket/],
  L052: ['DuckDB drops the zone', /at time zone/],
  L067: ['a subquery for each row', /lateral/],
  L075: ['DuckDB has NFC alone', /normalize/],
  L086: ['DuckDB has no WITH TIES', /with ties/],
  L089: ['rows out of nothing are for whole numbers alone', /sequence/],
  L093: ['maps have no type that an answer could show', /map_agg/],
  L095: ['reduce grows without bound', /lambda/],
  L096: ['nulls count otherwise on the two engines', /any_match/],
  L097: ['rows have no type that an answer could show', /row/],
  L110: ['maps have no type that an answer could show', /map_agg/],
  L111: ['types inside a text', /format/],
  L115: ['escapes hide what a text says', /unicode string/],
  L116: ['an older state is for compare_revisions', /version/],
}

const outcome = async (sql: string): Promise<string | Fault> => {
  try {
    return (await guardSql(sql, OPTIONS)).sql
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
}

describe('attacks written blind', () => {
  it.each(ATTACKS.map(({ id, class: kind, sql }) => ({ id, kind, sql })))('$id ($kind) is refused', async ({ sql }) => {
    const fault = await outcome(sql)
    expect(fault).toBeInstanceOf(Fault)
    expect(fault).toMatchObject({ code: expect.stringMatching(/^(QUERY_REJECTED|INVALID_PARAMETER)$/) as string })
  })

  it('are 233 in 20 classes', () => {
    expect([ATTACKS.length, new Set(ATTACKS.map((one) => one.class)).size]).toEqual([233, 20])
    expect(new Set(ATTACKS.map(({ sql }) => sql)).size).toBe(233)
  })
})

const refused = LEGITIMATE.filter(({ id }) => id in REFUSED)
const taken = LEGITIMATE.filter(({ id }) => !(id in REFUSED))

describe('queries written blind', () => {
  it.each(taken)('$id $about', async ({ sql }) => {
    expect(await outcome(sql)).toEqual(expect.any(String))
  })

  it.each(refused)('$id $about, which is refused', async ({ id, sql }) => {
    const fault = await outcome(sql)
    expect(fault).toBeInstanceOf(Fault)
    expect(fault).toMatchObject({ message: expect.stringMatching(REFUSED[id]?.[1] ?? /^$/) as string })
    expect((fault as Fault).hint).not.toBe('')
  })

  it('are 118, of which 101 are taken', () => {
    expect([LEGITIMATE.length, taken.length]).toEqual([118, 101])
  })
})
