import type { Caller, Scope } from './server-info.ts'

const RANK: Record<Scope, number> = { read: 0, lake: 1, admin: 2 }

/** `admin` includes `lake`, which includes `read`. */
export const hasScope = ({ scopes }: Pick<Caller, 'scopes'>, needed: Scope): boolean =>
  scopes.some((scope) => RANK[scope] >= RANK[needed])
