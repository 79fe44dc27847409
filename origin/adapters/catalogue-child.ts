/**
 * The process that makes an index: argument is where the job lies (JSON: pages with their batches, and the target);
 * it prints one line of JSON. Apart from the server, because it takes all of a processor for seconds and may die.
 */
import { readFileSync } from 'node:fs'
import { buildIndex } from '../estat/search/index.ts'
import { writeCatalogueFile } from './catalogue-file.ts'
import { type PageFile, readPages } from './catalogue-pages.ts'

export interface IndexJob {
  readonly pages: readonly PageFile[]
  readonly target: string
}

const [, , path] = process.argv
if (path === undefined) throw new Error('Name the file with the job.')
const job = JSON.parse(readFileSync(path, 'utf8')) as IndexJob
const entries = await readPages(job.pages)
const bytes = await writeCatalogueFile(job.target, buildIndex(entries))
const peak = process.resourceUsage().maxRSS * 1024
process.stdout.write(`${JSON.stringify({ tables: entries.length, bytes, peak })}\n`)
