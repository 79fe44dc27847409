/** `npm run bundle [-- FOLDER]`: what a container runs, for this platform, into `dist/server`; contents and sizes. */
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describeBundle, makeBundle } from './bundle/make.ts'

const folder = resolve(process.argv[2] ?? fileURLToPath(new URL('../../dist/server', import.meta.url)))
const files = await makeBundle(folder)
process.stdout.write(`${folder}\n${describeBundle(files).join('\n')}\n`)
