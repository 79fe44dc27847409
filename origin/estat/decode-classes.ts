/** CLASS_INF: the axes of a table and their codes (reference/estat-api.md, 3.4). */
import type { Axis, ClassItem } from './model.ts'
import { cleanHtml, cleanName } from './text.ts'
import { attribute, child, elements, textOf } from './wire.ts'

const given = (text: string | null): string | null => (text === null || text === '' ? null : text)

function decodeItem(item: unknown): ClassItem {
  const level = attribute(item, 'level') ?? ''
  const unit = attribute(item, 'unit')
  return {
    code: attribute(item, 'code') ?? '',
    name: cleanName(attribute(item, 'name') ?? ''),
    // `""` on most tab axes: no level, which is not level 0.
    level: /^[1-9]\d?$/.test(level) ? Number(level) : null,
    unit: given(unit === null ? null : cleanName(unit)),
    parentCode: given(attribute(item, 'parentCode')),
  }
}

function decodeAxis(axis: unknown): Axis {
  const explanations = elements(child(axis, 'EXPLANATION')).map((text) => textOf(text) ?? '')
  const texts = [attribute(axis, 'description') ?? '', ...explanations].map(cleanHtml).filter((text) => text !== '')
  return {
    id: attribute(axis, 'id') ?? '',
    name: cleanName(attribute(axis, 'name') ?? ''),
    description: texts.length === 0 ? null : texts.join('\n'),
    items: elements(child(axis, 'CLASS')).map(decodeItem),
  }
}

/** Decodes CLASS_INF: the axes in e-Stat's order, none where it is absent (metaGetFlg=N). */
export const decodeClasses = (classInf: unknown): readonly Axis[] =>
  elements(child(classInf, 'CLASS_OBJ')).map(decodeAxis)
