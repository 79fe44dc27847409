/** What `npm start` runs: one process group for each half. Pure. */
import { join } from 'node:path'
import { ORIGIN_FLAGS } from './origin-flags.ts'
import type { Tls } from './certificate.ts'
import { edgeUrlOf, type Env, type Settings, urlOf } from './settings.ts'

export interface ChildPlan {
  /** As people and the log file call it. */
  readonly name: string
  readonly command: string
  /** Seen by every user of the machine: no secret here. */
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Answers 200 when the child is ready. */
  readonly healthUrl: string
}

export interface StartPlan {
  readonly origin: ChildPlan
  readonly edge: ChildPlan
  /** Vars and secrets of the Worker for `--env-file`, to be written with mode 0600 first. */
  readonly edgeEnvFile: { readonly path: string; readonly text: string }
  /** Where the Worker's bindings live on disk. */
  readonly edgePersist: string
}

/** What any program needs of the environment: where things are, languages, proxies, extra certificates. */
const ORDINARY = /^(PATH|HOME|USER|LOGNAME|SHELL|TERM|TMPDIR|TZ|LANG|LC_.+|XDG_.+|NODE_EXTRA_CA_CERTS|.*_proxy)$/i

/** @param node the Node to run on. @param root the project's folder. @param tls null for plain HTTP. */
export function planChildren(
  settings: Settings,
  env: Env,
  node: string,
  root: string,
  tls: Tls | null = null,
): StartPlan {
  const { ports } = settings
  const persist = join(root, '.estat', 'wrangler')
  const envFile = join(root, '.estat', 'run', 'edge.env')
  const flags = [
    `--config=${join(root, 'wrangler.toml')}`,
    `--env-file=${envFile}`,
    `--persist-to=${persist}`,
    '--ip=127.0.0.1',
    `--port=${ports.edge}`,
    '--inspector-port=0',
    '--show-interactive-dev-session=false',
    ...(tls ? ['--local-protocol=https', `--https-cert-path=${tls.certPath}`, `--https-key-path=${tls.keyPath}`] : []),
  ]
  return {
    origin: {
      name: 'origin',
      command: node,
      args: [join(root, 'origin', 'main.ts')],
      // A caller's own NODE_OPTIONS come before ours.
      env: { ...ORIGIN_FLAGS, ...withoutNpm(env), ...settings.origin },
      healthUrl: `${urlOf(ports.origin)}/health`,
    },
    edge: {
      name: 'edge',
      command: node,
      args: [join(root, 'node_modules', 'wrangler', 'bin', 'wrangler.js'), 'dev', ...flags],
      env: { ...ordinary(env), ...quietWrangler(root) },
      healthUrl: `${edgeUrlOf(ports.edge, tls)}/health`,
    },
    edgeEnvFile: { path: envFile, text: envFileText(settings.edge) },
    edgePersist: persist,
  }
}

/** wrangler keeps to this folder and asks nobody: no metrics, no look-up of a newer version, no registry of other Workers. */
const quietWrangler = (root: string): Record<string, string> => ({
  CI: '1',
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
  WRANGLER_HIDE_BANNER: 'true',
  WRANGLER_LOG_PATH: join(root, '.estat', 'log', 'wrangler'),
  WRANGLER_REGISTRY_PATH: join(root, '.estat', 'run', 'workers'),
  WRANGLER_SEND_ERROR_REPORTS: 'false',
  WRANGLER_SEND_METRICS: 'false',
})

/** The environment without secrets: for what needs none. */
export const ordinary = (env: Env): Record<string, string> => keep(env, (name) => ORDINARY.test(name))

const withoutNpm = (env: Env): Record<string, string> => keep(env, (name) => !/^npm_/i.test(name))

function keep(env: Env, wanted: (name: string) => boolean): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && wanted(entry[0])),
  )
}

/**
 * Variables as wrangler's dotenv reads them: quoted by a mark that the value does not hold, and `$` escaped, which
 * would start an expansion.
 */
function envFileText(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => {
      const mark = ["'", '`', '"'].find((quote) => !value.includes(quote)) ?? "'"
      return `${name}=${mark}${value.replaceAll('$', String.raw`\$`)}${mark}\n`
    })
    .join('')
}
