import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { findSurveys } from '../../../../origin/estat/search/survey-search.ts'
import { SURVEYS } from '../../../../origin/estat/search/surveys.ts'
import { readCsv } from '../../../../infra/scripts/build-sample/read-csv.ts'
import { surveysFile } from '../../../../infra/scripts/build-surveys/surveys-file.ts'

const list = new URL('../../../../../shared/reference/gov_stats_codes.csv', import.meta.url)
const present = existsSync(list)
if (!present)
  process.stderr.write('Left out: the list of statistics codes is not at hand; its bundled form is tested.\n')

describe.runIf(present)('the official list', () => {
  it('is carried over whole: every code, in the form that the script makes', () => {
    const made = surveysFile(readCsv(readFileSync(list, 'utf8')))
    const kept = readFileSync(new URL('../../../../origin/estat/search/data/surveys.json', import.meta.url), 'utf8')
    expect(JSON.parse(kept)).toEqual(JSON.parse(made))
    const codes = readFileSync(list, 'utf8').match(/^\d{8}(?=,)/gm)
    expect(SURVEYS.map(({ code }) => code)).toEqual(codes?.toSorted())
  })
})

it('holds 886 surveys, each with a code, a name and an organisation', () => {
  expect(SURVEYS).toHaveLength(886)
  expect(new Set(SURVEYS.map(({ code }) => code)).size).toBe(886)
  for (const { code, name, organisation } of SURVEYS) {
    expect(code).toMatch(/^\d{8}$/)
    expect([name, organisation]).not.toContain('')
  }
})

it.each([
  ['国勢調査', '00200521'],
  ['労働力調査', '00200531'],
  ['患者調査', '00450022'],
  ['00200521', '00200521'],
  ['学校保健', '00400002'],
])('finds %s', (find, code) => {
  expect(findSurveys(find, 5)[0]?.survey.code).toBe(code)
})

it('finds nothing for nothing', () => expect(findSurveys('zzzz', 5)).toEqual([]))
