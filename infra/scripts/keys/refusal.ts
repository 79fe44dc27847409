/** Why `npm run keys` cannot do what it was asked: shown as it is, without a stack trace, with exit code 1. */
export class KeysError extends Error {
  override readonly name = 'KeysError'
}
