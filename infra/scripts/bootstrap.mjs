/**
 * `node infra/scripts/bootstrap.mjs <command> [arguments]`: what npm scripts call. Any Node from 20 on reads this file;
 * it installs what is missing and hands over to the Node that the lock file brings (infra/node).
 */
import { spawn, spawnSync } from 'node:child_process'
import { accessSync, constants, readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  atLeast,
  COMMANDS,
  OLDEST_NODE,
  sayInstallFailure,
  TYPESCRIPT_NODE,
  whyInstall,
} from './bootstrap/toolchain.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const bin = join(root, 'node_modules', '.bin')
const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])

/** npm by itself waits more than a minute before it says that there is no network. */
const PATIENCE = ['--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000']

/** @param {string} message @returns {never} */
function stop(message) {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}

/** @param {string} path @returns {any} the parsed file, or null where there is none */
function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return null
  }
}

async function install() {
  const lock = readJson(join(root, 'package-lock.json'))
  if (!lock) stop('package-lock.json is missing or damaged. Restore it with: git checkout package-lock.json')
  const why = whyInstall(lock, readJson(join(root, 'node_modules', '.package-lock.json')))
  if (!why) return
  try {
    accessSync(root, constants.W_OK)
  } catch {
    stop(`Packages have to be installed (${why}), but ${root} is read-only. Clone it to a folder of your own.`)
  }
  process.stderr.write(`Installing packages (${why}); this takes a minute or less ...\n`)
  const started = Date.now()
  const done = await runNpm(['ci', '--loglevel=error', ...PATIENCE])
  if (done.signal) stop(`The installation was ended by ${done.signal}.`)
  if (done.code !== 0) stop(sayInstallFailure(done.output))
  process.stderr.write(`Installed in ${Math.round((Date.now() - started) / 1000)} s.\n`)
}

/** @param {string[]} args @returns {Promise<{ code: number | null, signal: string | null, output: string }>} */
function runNpm(args) {
  const npm = spawn('npm', args, { cwd: root, env: withoutNpmRun(process.env), stdio: ['ignore', 'pipe', 'pipe'] })
  const forget = passSignals(npm)
  let output = ''
  for (const stream of [npm.stdout, npm.stderr]) stream.on('data', (chunk) => (output += chunk))
  return new Promise((resolve) => {
    npm.on('error', () => stop('npm is not on the PATH. Install Node with npm from https://nodejs.org and try again.'))
    npm.on('close', (code, signal) => {
      forget()
      resolve({ code, signal, output })
    })
  })
}

/** Passes signals on to a child; answers how to stop doing so. A terminal sends Ctrl-C to the child as well: most
 * programs take the second one for impatience, and a test run would end without its report.
 * @param {import('node:child_process').ChildProcess} child @param {boolean} patient */
function passSignals(child, patient = false) {
  const pass = SIGNALS.map((signal) => {
    const handler = () => void (signal === 'SIGINT' && process.stdin.isTTY && !patient ? null : child.kill(signal))
    process.on(signal, handler)
    return () => process.removeListener(signal, handler)
  })
  return () => pass.forEach((forget) => forget())
}

/** The outer `npm run` describes itself in npm_* variables; an inner npm would take those for its own settings.
 * @param {NodeJS.ProcessEnv} env */
function withoutNpmRun(env) {
  const own = /^npm_(lifecycle|package|command|execpath|node_execpath)/
  return Object.fromEntries(Object.entries(env).filter(([name]) => !own.test(name)))
}

/** The Node to run on: the lock file's where it runs on this system, else the system's own. */
function chooseNode() {
  const linked = join(bin, 'node')
  const version = spawnSync(linked, ['--version'], { encoding: 'utf8' }).stdout?.trim()
  if (version && atLeast(version, TYPESCRIPT_NODE)) return linked
  if (atLeast(process.version, TYPESCRIPT_NODE)) return process.execPath
  return stop(
    `No Node comes with the packages for ${process.platform} ${process.arch}, and yours is ${process.version}: ` +
      `install Node ${TYPESCRIPT_NODE.join('.')} or newer (24 is what this project runs on) and try again.`,
  )
}

/** Runs to the end with the signals passed on, and ends as the child ended.
 * @param {string} node @param {string[]} args @param {boolean} supervised */
function handOver(node, args, supervised) {
  const path = [bin, dirname(node), process.env.PATH].filter(Boolean).join(delimiter)
  const child = spawn(node, args, {
    cwd: root,
    env: { ...process.env, PATH: path },
    // The extra channel tells the supervisor at once when this process is killed: then it cleans up and goes too.
    stdio: supervised ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit',
  })
  const forget = passSignals(child, supervised)
  watchNpm(() => child.kill('SIGTERM'))
  child.on('error', () => stop(`Node could not be started: ${node}`))
  child.on('exit', (code, signal) => {
    if (!signal) process.exit(code ?? 1)
    forget()
    process.kill(process.pid, signal)
  })
}

/**
 * Calls back once when the npm that started this process is gone: killed, for it passes every other signal on.
 * @param {() => void} gone
 */
function watchNpm(gone) {
  if (!process.env.npm_lifecycle_event) return
  const parent = process.ppid
  // npm runs a script by a shell; some shells step aside for the last command, and then npm is the parent itself.
  const viaShell = procfs(parent, 'cmdline').includes(process.env.npm_lifecycle_script ?? '\0')
  const npm = viaShell ? parentOf(parent) : null
  const timer = setInterval(() => {
    if (process.ppid === parent && (npm === null || parentOf(parent) === npm)) return
    clearInterval(timer)
    gone()
  }, 500)
  timer.unref()
}

/** proc(5): in `stat`, the parent is the second field after the name in parentheses. @param {number} pid */
function parentOf(pid) {
  const stat = procfs(pid, 'stat')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? null
}

/** A file of a process, or nothing where it or the whole of /proc is absent. @param {number} pid @param {string} name */
function procfs(pid, name) {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8')
  } catch {
    return ''
  }
}

if (!atLeast(process.version, OLDEST_NODE))
  stop(`Node ${OLDEST_NODE[0]} or newer is needed, and this is ${process.version}: see https://nodejs.org`)
const [command = '', ...rest] = process.argv.slice(2)
const known = /** @type {Record<string, string[]>} */ (COMMANDS)[command]
if (!known) stop(`Unknown command "${command}". Known: ${Object.keys(COMMANDS).join(', ')}.`)
await install()
handOver(chooseNode(), [...known, ...rest], command === 'start')
