export interface BoundedMemory<Value> {
  get(name: string): Value | undefined
  set(name: string, value: Value): void
  delete(name: string): void
}

/**
 * Values by name, `most` of them: beyond that the one that was set longest ago is forgotten. What is asked often is soon
 * set again, so that a use need not be noted: finding costs one look.
 */
export function boundedMemory<Value>(most: number): BoundedMemory<Value> {
  const values = new Map<string, Value>()
  return {
    get: (name) => values.get(name),
    delete: (name) => void values.delete(name),
    set(name, value) {
      values.delete(name)
      const [first] = values.keys()
      if (values.size >= most && first !== undefined) values.delete(first)
      values.set(name, value)
    },
  }
}
