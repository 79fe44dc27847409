/** Asking the stand-in as a client does: by URL, through the front door. */
import { createStandin, type StandinOptions } from '../../../origin/standin/standin.ts'
import type { StandinTable } from '../../../origin/standin/table.ts'

export const APP_ID = 'an-id-the-tests-use'
/** 2020-12-02T22:52:44.251 in Japan. */
export const NOW = Date.UTC(2020, 11, 2, 13, 52, 44, 251)

export type Asked = Readonly<Record<string, string>>

export interface Heard {
  readonly http: number
  readonly headers: Headers
  readonly text: string
  /** What is under the root element. */
  readonly body: Readonly<Record<string, unknown>>
}

/** The answer's text to a path below `/rest/3.0/app/`, whatever its format: `getSimpleStatsData`, `getMetaInfo`. */
export function askingText(
  tables: readonly StandinTable[],
  options: Partial<StandinOptions> = {},
): (path: string, asked?: Asked) => Promise<{ readonly http: number; readonly type: string; readonly text: string }> {
  const standin = createStandin({ tables, accepts: [APP_ID], now: () => NOW, ...options })
  return async (path, asked = {}) => {
    const query = new URLSearchParams({ appId: APP_ID, ...asked }).toString()
    const response = await standin(new Request(`http://standin.invalid/rest/3.0/app/${path}?${query}`))
    return {
      http: response.status,
      type: response.headers.get('content-type') ?? '',
      text: await response.text(),
    }
  }
}

/** @returns A function that asks one operation of a stand-in with these tables; appId is added unless given. */
export function asking(
  tables: readonly StandinTable[],
  options: Partial<StandinOptions> = {},
): (operation: string, asked?: Asked) => Promise<Heard> {
  const standin = createStandin({ tables, accepts: [APP_ID], now: () => NOW, ...options })
  return async (operation, asked = {}) => {
    const query = new URLSearchParams({ appId: APP_ID, ...asked })
    const response = await standin(
      new Request(`http://standin.invalid/rest/3.0/app/json/${operation}?${query.toString()}`),
    )
    const text = await response.text()
    const [body] = Object.values(JSON.parse(text) as Record<string, Heard['body']>)
    return { http: response.status, headers: response.headers, text, body: body ?? {} }
  }
}

/** A value deep inside a parsed answer; undefined where the way ends. */
export const at = (value: unknown, ...path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<string | number, unknown>)[key] : undefined,
    value,
  )

/** What a client makes of one or many. */
export const many = (value: unknown): readonly Readonly<Record<string, string>>[] =>
  value === undefined ? [] : ([value].flat() as Readonly<Record<string, string>>[])

/** VALUE of a getStatsData answer, always as a list. */
export const valuesIn = ({ body }: Heard): readonly Readonly<Record<string, string>>[] =>
  many(at(body, 'STATISTICAL_DATA', 'DATA_INF', 'VALUE'))

/** `axis: codes` of CLASS_INF. */
export const codesIn = ({ body }: Heard): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    many(at(body, 'STATISTICAL_DATA', 'CLASS_INF', 'CLASS_OBJ')).map((object) => [
      object['@id'] ?? '',
      many(object['CLASS']).map((one) => one['@code'] ?? ''),
    ]),
  )
