/** Work that goes on behind the answers, so that an ending process can wait for it. */
export interface Tasks {
  add(task: Promise<void>): void
  /** Resolves when nothing is under way. */
  settled(): Promise<void>
}

/** @param failed told of a task that rejects. */
export function backgroundTasks(failed: (error: unknown) => void): Tasks {
  const running = new Set<Promise<void>>()
  return {
    add(task) {
      const one = task.catch(failed).finally(() => running.delete(one))
      running.add(one)
    },
    async settled() {
      while (running.size > 0) await Promise.all(running)
    },
  }
}
