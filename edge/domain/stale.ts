import type { StaleReason } from '../../shared/stale.ts'
import type { Answer } from './framing.ts'

const WORDS: Record<StaleReason, string> = {
  revalidating: 'a newer answer is being fetched',
  origin_unavailable: 'the origin does not answer at present',
}

/** The answer, marked as old in its structure and in its text: some clients show the model only one of them. */
export function markStale({ result, text }: Answer, ageSeconds: number, reason: StaleReason): Answer {
  return {
    result: { ...result, stale: { age_seconds: ageSeconds, reason } },
    text: `${text}\n\n(This answer is ${ageSeconds} seconds old: ${WORDS[reason]}.)`,
  }
}
