/**
 * The recorded JSON answers, read with nothing of the product's own. Where the folder is absent (a clone without
 * ../shared) the suites that need it say so and are left out.
 */
import { existsSync, readFileSync } from 'node:fs'

const folder = new URL('../../../../shared/data/estat/', import.meta.url)

/** Whether the recordings are here. */
export const recordingsPresent = existsSync(folder)
if (!recordingsPresent) process.stderr.write('left out: recorded answers of e-Stat (../shared/data/estat is absent)\n')

export const readRecording = (file: string): string => readFileSync(new URL(file, folder), 'utf8')
export const readRecordedJson = (file: string): unknown => JSON.parse(readRecording(file))
