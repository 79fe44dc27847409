/**
 * Every column that a lake table of ours can have (PRODUCT.md section 6), each with one field id for ever.
 *
 * Iceberg finds a column by its field id and by nothing else. Since a name has the same id in every table, a
 * dataset with one more axis joins an existing table without renumbering, and a file can be read against any schema.
 */
import type { AxisId } from '../estat/model.ts'
import type { ColumnType, LakeColumn } from './ports.ts'

/** `tab`, `cat01` to `cat15`, `area`, `time`: the axes e-Stat knows, in its order (manual, CLASS_OBJ). */
export const AXIS_IDS: readonly AxisId[] = [
  'tab',
  ...Array.from({ length: 15 }, (_, at) => `cat${String(at + 1).padStart(2, '0')}`),
  'area',
  'time',
]

/**
 * Ids above the last column and up to this one are kept for columns to come. `last-column-id` of our tables starts
 * here, so that a column added by another engine (which takes the next id) never collides with one of ours.
 */
export const LAST_RESERVED_FIELD_ID = 999

/** The column that tables are partitioned by. */
export const DATASET_ID_FIELD = 1

/** What a row says whatever its axes are: ids 1 to 99. */
const ROW_COLUMNS: readonly LakeColumn[] = [
  column('dataset_id', 'string', DATASET_ID_FIELD, 'statsDataId of the e-Stat table, ten digits'),
  column('fetch_id', 'string', 2, 'The fetch that brought the row'),
  column('retrieved_at', 'timestamptz', 3, 'When the row was retrieved from e-Stat'),
  column('value', 'double', 4, 'The figure; null where e-Stat gives a symbol instead'),
  column('value_text', 'string', 5, "e-Stat's own text where it is not the plain form of the number"),
  column('symbol', 'string', 6, 'The symbol that stands in place of a figure; empty for an empty cell'),
  column('symbol_meaning', 'string', 7, 'What the symbol means in this table'),
  column('unit', 'string', 8, 'Unit of the figure, as e-Stat writes it'),
  column('unit_scale', 'double', 9, 'The base units in one unit: 1e9 for 10億円; null where not known'),
  column('annotation', 'string', 10, 'Annotation of the cell'),
  column('time_start', 'date', 11, 'First day of the period'),
  column('time_end', 'date', 12, 'Last day of the period'),
  column('time_kind', 'string', 13, 'year, fiscal_year, half, quarter, month or other'),
]

export const AXIS_PARTS = ['code', 'name', 'level', 'parent_code', 'role'] as const
export type AxisPart = (typeof AXIS_PARTS)[number]

const AXIS_DOC: Readonly<Record<AxisPart, string>> = {
  code: "e-Stat's code on axis",
  name: 'Name of the code on axis',
  level: 'Level of the code on axis',
  parent_code: 'Parent of the code on axis',
  role: 'total, part, of_which or unknown: whether the code may be summed on axis',
}

/** Ten ids for each axis from 100 on: `tab_code` 100, `cat01_code` 110, ... `time_code` 270. */
const AXIS_COLUMNS: readonly LakeColumn[] = AXIS_IDS.flatMap((axis, at) =>
  AXIS_PARTS.map((part, offset) =>
    column(`${axis}_${part}`, part === 'level' ? 'int' : 'string', 100 + at * 10 + offset, `${AXIS_DOC[part]} ${axis}`),
  ),
)

/** What a data_type adds: ids 300 to 399. Never renumber; new ones go to the end. */
const DOMAIN_COLUMNS: readonly LakeColumn[] = [
  column('year', 'int', 300, 'Year in which the period starts; for a fiscal year, its name'),
  column('quarter', 'int', 301, 'Calendar quarter, 1 to 4, of a quarterly period'),
  column('month', 'int', 302, 'Month, 1 to 12, of a monthly period'),
  column('region_code', 'string', 303, 'Code of the area, region or country'),
  column('region_name', 'string', 304, 'Name of the area, region or country'),
  column('indicator', 'string', 305, 'What is measured'),
  column('category', 'string', 306, 'Names on the remaining classification axes'),
  column('sex', 'string', 307, 'Name on the axis of sex'),
  column('age_group', 'string', 308, 'Name on the axis of age'),
  column('industry', 'string', 309, 'Name on the axis of industry'),
  column('occupation', 'string', 310, 'Name on the axis of occupation'),
  column('employment_status', 'string', 311, 'Name on the axis of employment status'),
  column('school_type', 'string', 312, 'Name on the axis of schools'),
  column('grade', 'string', 313, 'Name on the axis of grades'),
  column('disease', 'string', 314, 'Name on the axis of diseases or causes of death'),
  column('facility', 'string', 315, 'Name on the axis of facilities'),
  column('product', 'string', 316, 'Name on the axis of products or commodities'),
  column('structure', 'string', 317, 'Name on the axis of building structures'),
  column('building_use', 'string', 318, 'Name on the axis of building uses'),
  column('transport_mode', 'string', 319, 'Name on the axis of means of transport'),
  column('trade_flow', 'string', 320, 'Name on the axis of exports and imports'),
  column('service', 'string', 321, 'Name on the axis of benefits or services'),
  column('household', 'string', 322, 'Name on the axis of households'),
]

/** All of them, by field id. */
export const LAKE_COLUMNS: readonly LakeColumn[] = [...ROW_COLUMNS, ...AXIS_COLUMNS, ...DOMAIN_COLUMNS].toSorted(
  (a, b) => a.fieldId - b.fieldId,
)

const BY_NAME = new Map(LAKE_COLUMNS.map((known) => [known.name, known]))
const BY_FIELD_ID = new Map(LAKE_COLUMNS.map((known) => [known.fieldId, known]))

/** The column of that name, or null. */
export const columnNamed = (name: string): LakeColumn | null => BY_NAME.get(name) ?? null
/** The column of that field id, or null. */
export const columnWithId = (fieldId: number): LakeColumn | null => BY_FIELD_ID.get(fieldId) ?? null

/** The columns of several files, each once. */
export const uniqueColumns = (files: readonly { readonly columns: readonly LakeColumn[] }[]): readonly LakeColumn[] => [
  ...new Map(files.flatMap(({ columns }) => columns).map((found) => [found.fieldId, found])).values(),
]

function column(name: string, type: ColumnType, fieldId: number, doc: string): LakeColumn {
  return { name, type, fieldId, doc }
}
