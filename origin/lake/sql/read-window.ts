/** ORDER BY items, windows and frames. */
import { fieldsOf, flag, isNode, list, nameOf, text } from './read-fields.ts'
import type { Reading } from './reading.ts'
import { quoted, refused } from './refusal.ts'
import type { Frame, FrameBound, Sort, Window } from './tree.ts'

export function readSort(node: unknown, read: Reading): Sort {
  const fields = fieldsOf(node, ['this', 'desc', 'nulls_first'], 'ORDER BY')
  const nullsFirst = fields['nulls_first']
  return {
    by: read.expr(fields['this']),
    descending: flag(fields['desc']),
    nullsFirst: typeof nullsFirst === 'boolean' ? nullsFirst : null,
  }
}

/** `OVER name` or `OVER (...)`, and a window of the WINDOW clause. */
export function readOver(node: unknown, read: Reading): Window {
  const fields = fieldsOf(node, ['window_name', 'partition_by', 'order_by', 'frame'], 'a window')
  return {
    base: windowName(fields['window_name']),
    partitionBy: list(fields['partition_by']).map(read.expr),
    orderBy: list(fields['order_by']).map((sort) => readSort(sort, read)),
    frame: isNode(fields['frame']) ? readFrame(fields['frame'], read) : null,
  }
}

/** Plain letters: the parser takes no quoted name here. */
export function windowName(node: unknown): string | null {
  const name = nameOf(node)
  if (name === null || /^[a-z_]\w*$/i.test(name)) return name
  throw refused(`the window name ${quoted(name)} is not supported`, 'Name windows by letters: WINDOW w AS (...).')
}

const FRAME_UNITS: Readonly<Record<string, Frame['unit']>> = { Rows: 'ROWS', Range: 'RANGE', Groups: 'GROUPS' }

function readFrame(node: unknown, read: Reading): Frame {
  const fields = fieldsOf(node, ['kind', 'start', 'end'], 'a window frame')
  const unit = FRAME_UNITS[text(fields['kind']) ?? '']
  if (unit === undefined) throw refused('this window frame is not supported')
  const end = fields['end']
  return {
    unit,
    start: readBound(fields['start'], read),
    end: end === null || end === undefined ? null : readBound(end, read),
  }
}

function readBound(node: unknown, read: Reading): FrameBound {
  if (node === 'CurrentRow') return { kind: 'current row' }
  if (node === 'UnboundedPreceding') return { kind: 'unbounded preceding' }
  if (node === 'UnboundedFollowing') return { kind: 'unbounded following' }
  if (isNode(node) && Object.keys(node).length === 1) {
    if ('Preceding' in node) return { kind: 'preceding', offset: read.expr(node['Preceding']) }
    if ('Following' in node) return { kind: 'following', offset: read.expr(node['Following']) }
  }
  throw refused('this window frame is not supported', 'Write ROWS BETWEEN 3 PRECEDING AND CURRENT ROW.')
}
