/** Scenarios that fail by what this server is, each with its reason. Any other failure, or one of these passing, is news. */

const NEEDS_A_SESSION =
  'the server asks the client back in the middle of a call, which in 2025-11-25 needs a session; every request here stands alone'

export const LEFT_OUT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '2025-11-25': {
    'tools-call-sampling': NEEDS_A_SESSION,
    'tools-call-elicitation': NEEDS_A_SESSION,
    'elicitation-sep1034-defaults': NEEDS_A_SESSION,
    'elicitation-sep1330-enums': NEEDS_A_SESSION,
  },
  '2026-07-28': {},
}
