import type { TableInfo } from './model.ts'

/** What TABLE_INF says beyond names, where none of it is known: a listing adds what it does know. */
export const NOTHING_KNOWN = {
  titleNo: null,
  cycle: null,
  surveyDate: null,
  openDate: null,
  updatedDate: null,
  smallArea: false,
  collectArea: [],
  mainCategory: null,
  subCategory: null,
  totalRecords: null,
  description: [],
} as const satisfies Partial<TableInfo>
