import { emfFlusher, type FlusherOptions } from '../../../shared/metrics-flush.ts'

/** Writes what the edge counted since it was last called, for CloudWatch. */
export const emfFlush = (options: Omit<FlusherOptions, 'namespace'>): (() => void) =>
  emfFlusher({ ...options, namespace: 'estat-mcp/edge' })
