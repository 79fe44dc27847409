/** Remembers what is worked out of an axis: some hold thousands of codes, and a list of names asks for each in turn. */
import type { Axis } from './model.ts'

/** `work` is called once for each axis object; the memory goes with the object. */
export function oncePerAxis<Result>(work: (axis: Axis) => Result): (axis: Axis) => Result {
  const known = new WeakMap<Axis, { readonly result: Result }>()
  return (axis) => {
    const found = known.get(axis) ?? { result: work(axis) }
    known.set(axis, found)
    return found.result
  }
}
