import type { Check } from '../target.ts'
import { ANSWERS } from './answers.ts'
import { PROTOCOL } from './protocol.ts'
import { WHO } from './who.ts'

/** In an order in which nothing hinders what follows: many wrong keys shut an address out, so they come last. */
export const CHECKS: readonly Check[] = [...PROTOCOL, ...ANSWERS, ...WHO]
