/** What is installed, and on which Node to run. Pure; read by Node 20. */

/** The oldest Node that can read this file's neighbours and run npm 10. */
export const OLDEST_NODE = [20, 0]
/** The oldest Node that runs TypeScript without a flag. */
export const TYPESCRIPT_NODE = [22, 18]

/**
 * @param {string} version "v20.20.2"
 * @param {readonly number[]} wanted major and minor
 */
export function atLeast(version, [major = 0, minor = 0]) {
  const [, has = '0', hasMinor = '0'] = /^v?(\d+)\.(\d+)/.exec(version) ?? []
  return Number(has) > major || (Number(has) === major && Number(hasMinor) >= minor)
}

/**
 * @typedef {{ version?: string, integrity?: string, optional?: boolean, link?: boolean, dev?: boolean }} LockEntry
 * @typedef {{ packages?: Record<string, LockEntry> }} Lock
 */

/**
 * Why the packages have to be installed, in a few words, or null where all is in place.
 *
 * npm writes what it installed to `node_modules/.package-lock.json` in the lock file's own form. What is absent there
 * must be optional: a package for another system.
 *
 * @param {Lock} wanted package-lock.json
 * @param {Lock | null} present node_modules/.package-lock.json
 * @returns {string | null}
 */
export function whyInstall(wanted, present) {
  if (!present) return 'first start in this folder'
  const installed = present.packages ?? {}
  for (const [path, entry] of Object.entries(wanted.packages ?? {})) {
    if (path === '') continue
    const name = path.replace(/^.*node_modules\//, '')
    const found = installed[path]
    if (!found) {
      if (entry.optional) continue
      return `${name} is missing`
    }
    if (found.version !== entry.version || found.integrity !== entry.integrity) return `${name} has changed`
  }
  return null
}

/** What each command runs once the packages are there: a file, and the arguments that go before the caller's. */
export const COMMANDS = {
  start: ['infra/scripts/start.ts'],
  tour: ['infra/scripts/tour.ts'],
  check: ['infra/scripts/check.ts'],
  docs: ['infra/scripts/docs.ts'],
  test: ['node_modules/vitest/vitest.mjs', 'run'],
}

/** npm's own words for a registry that cannot be reached. */
const UNREACHABLE = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|network/i
const UNWRITABLE = /EACCES|EROFS|EPERM|ENOSPC/

/**
 * One line for a failed `npm ci`.
 *
 * @param {string} output what npm wrote
 */
export function sayInstallFailure(output) {
  const unwritable = UNWRITABLE.exec(output)
  if (unwritable) return `npm cannot write in this folder (${unwritable[0]}). Make it writable, or clone it elsewhere.`
  if (UNREACHABLE.test(output))
    return 'npm cannot reach its registry. Check the network, the proxy and "npm config get registry", then try again.'
  const line = output.split('\n').find((text) => /^npm (error|ERR!)\s+\S/.test(text) && !/ code /.test(text))
  return `npm ci failed${line ? `: ${line.replace(/^npm (error|ERR!)\s+/, '')}` : ''}. Run "npm ci" to see the whole of it.`
}
