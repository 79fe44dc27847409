import type { FaultReply } from '../shared/fault.ts'

/** The text twin of a failure: code, what happened, what to do next, the candidates. */
export function renderFault({ error }: FaultReply): string {
  const lines = [`${error.code}: ${error.message}`, error.hint]
  if (error.retry_after_seconds !== undefined) lines.push(`Wait ${error.retry_after_seconds} seconds.`)
  if (error.candidates) {
    lines.push('Candidates:')
    for (const { code, name, axis } of error.candidates) lines.push(`- ${code} ${name}${axis ? ` (${axis})` : ''}`)
  }
  return lines.join('\n')
}
