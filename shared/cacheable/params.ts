/** Parameters that more than one cacheable tool has, so that each is described once. */
import * as z from 'zod'

export const datasetId = z.string().describe('E.g. 0003410379, or its URL.')

export const lang = z.enum(['J', 'E']).default('J').describe('E: English.')

export const maxRows = z.int().min(1).max(5000).default(100).describe('E.g. 50.')

export const cursor = z.string().optional().describe('next_cursor of the last answer.')

export const saveToS3 = z.boolean().default(true).describe('Keep all rows in the lake.')

export const convertToJapanese = z.boolean().default(true).describe('Names beside codes.')
