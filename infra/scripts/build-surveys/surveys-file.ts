/** The list of statistics codes in the project's own compact form. */
import { BLANK, NAMES, ORGANISATIONS } from './repairs.ts'

/** @param records Of the CSV, its heading first: code, name, organisation, and `○` where the database has tables. */
export function surveysFile([heading = [], ...records]: readonly (readonly string[])[]): string {
  const database = heading.indexOf('has_db')
  const surveys = records
    .filter(([code = '']) => /^\d{8}$/.test(code))
    .map((record) => {
      const [code = '', name = '', organisation = ''] = record
      return {
        code,
        name: NAMES[code] ?? name.replaceAll(/\s+/g, ' ').trim(),
        organisation: ORGANISATIONS[code] ?? (organisation.trim() || BLANK[code.slice(0, 5)] || ''),
        tables: record[database] === '○' ? 1 : 0,
      }
    })
    .toSorted((a, b) => (a.code < b.code ? -1 : 1))
  const organisations = [...new Set(surveys.map(({ organisation }) => organisation))]
  const lines = surveys.map(({ code, name, organisation, tables }) =>
    [JSON.stringify(code), JSON.stringify(name), organisations.indexOf(organisation), tables].join(', '),
  )
  return [
    '{',
    '  "source": "政府統計コード一覧: code, name, place in organisations, 1 where the database has tables of it",',
    `  "organisations": [\n${organisations.map((name) => `    ${JSON.stringify(name)}`).join(',\n')}\n  ],`,
    `  "surveys": [\n${lines.map((line) => `    [${line}]`).join(',\n')}\n  ]`,
    '}',
    '',
  ].join('\n')
}
