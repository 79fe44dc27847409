/** The axes that e-Stat knows, in its order, and how parameters and the echo name them (manual 3.0, 統計データ取得). */
export interface AxisName {
  /** `@id` of CLASS_OBJ, and the attribute of VALUE. */
  readonly id: string
  /** In parameters: `cdCat01`, `lvArea`. */
  readonly inParameters: string
  /** In PARAMETER: `CODE_CAT01_SELECT`. */
  readonly inEcho: string
}

const CATEGORIES = Array.from({ length: 15 }, (_, index) => `cat${String(index + 1).padStart(2, '0')}`)

export const AXIS_NAMES: readonly AxisName[] = ['tab', ...CATEGORIES, 'area', 'time'].map((id) => ({
  id,
  inParameters: `${id.charAt(0).toUpperCase()}${id.slice(1)}`,
  inEcho: id.toUpperCase(),
}))
