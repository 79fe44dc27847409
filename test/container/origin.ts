/** `run origin` of the image in the place of an origin from source, for suites that start, kill and restart one. */
import { mkdtempSync, rmSync } from 'node:fs'
import { chown } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort, healthy, type OriginProcess, type OriginSettings } from '../e2e/origin-process.ts'
import { newKey } from '../../shared/keys.ts'
import { type Container, startContainer } from './container.ts'
import type { Image } from './image.ts'

export interface ContainerOrigin extends OriginProcess {
  /** The one that runs now, or ran last. */
  container(): Container
}

export async function startContainerOrigin(
  image: Image,
  { edgeKeys = [], env = {} }: OriginSettings,
): Promise<ContainerOrigin> {
  const data = await dataFolder(image)
  const port = await freePort()
  const admin = await newKey((count) => crypto.getRandomValues(new Uint8Array(count)), { tenant: 'estat', scopes: [] })
  const variables = {
    PORT: String(port),
    ORIGIN_PUBLIC_KEYS: JSON.stringify(edgeKeys),
    ORIGIN_ADMIN_KEYS: `${admin.id}:${admin.record.hash}`,
    ESTAT_CATALOGUE: 'off',
    ...env,
  }
  const url = `http://127.0.0.1:${port}`
  let logs = ''
  let container: Container
  const log = (): string => logs + container.log()
  const start = async (): Promise<void> => {
    container = await startContainer(image, ['origin'], { data, env: variables })
    await healthy(url, log)
  }
  await start()
  return {
    url,
    dataDir: data,
    adminKey: admin.text,
    log,
    container: () => container,
    async restart() {
      logs = log()
      await start()
    },
    async kill(signal) {
      container.signal(signal)
      await container.ended
    },
    freeze: () => container.signal('SIGSTOP'),
    thaw: () => container.signal('SIGCONT'),
    pid: () => container.pid,
    async close() {
      await container.close()
      rmSync(data, { recursive: true, force: true })
    },
  }
}

/** A volume as the image has it: of its user. */
export async function dataFolder({ config }: Image): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'container-data-'))
  const [user, group] = config.User.split(':').map(Number)
  await chown(folder, user ?? 0, group ?? 0)
  return folder
}
