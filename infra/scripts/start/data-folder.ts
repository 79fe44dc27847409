import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { StartError, sayFileFailure, systemCode } from './start-error.ts'

/** A network disk that is not there makes every call wait. */
const PATIENCE_MS = 5000

/**
 * Makes the folder of the embedded bucket, and writes and removes a file there: what cannot be kept is found out now,
 * not by the first tool that saves.
 *
 * @throws StartError where it cannot be written or does not answer.
 */
export async function requireWritable(folder: string): Promise<void> {
  const what = `The data folder ${folder}`
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new StartError(`${what} does not answer. ${ADVICE}`)), PATIENCE_MS)
  })
  try {
    await Promise.race([probe(folder), late])
  } catch (error) {
    throw error instanceof StartError ? error : sayFileFailure(what, error, ADVICE)
  } finally {
    clearTimeout(timer)
  }
}

const ADVICE = 'Choose another with ESTAT_DATA_DIR.'

async function probe(folder: string): Promise<void> {
  await makeFolder(folder)
  const path = join(folder, `.probe-${process.pid}`)
  await writeFile(path, '')
  await rm(path)
}

/** Not `recursive`: under /proc, which answers ENOENT to everything, Node 24's own never comes back. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path)
  } catch (error) {
    const code = systemCode(error)
    if (code === 'EEXIST') return
    if (code !== 'ENOENT' || dirname(path) === path) throw error
    await makeFolder(dirname(path))
    await mkdir(path)
  }
}
