/** Kept files over HTTP: who signs links, who believes them, and where the edge reads. */
import * as z from 'zod'
import { endpoint, hasNoPath, json, privateJwk, publicJwk } from './kinds.ts'

/** For the origin. */
export const FILE_LINKS = {
  LINK_SIGNING_KEY: json(privateJwk, 'a private Ed25519 JWK')
    .optional()
    .describe(
      'Private Ed25519 JWK that signs links to kept files. Without it get_csv_download_url gives none. A secret.',
    ),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .refine(hasNoPath, 'must have no path')
    .transform((url) => url.replace(/\/$/, ''))
    .optional()
    .describe("The edge's address for links of those who ask the origin directly; the edge names its own."),
}

/** For every edge. */
export const FILES = {
  LINK_PUBLIC_KEYS: json(z.array(publicJwk).max(2), 'a list of at most two public Ed25519 JWKs')
    .default([])
    .describe('Public JWKs whose links to kept files are believed, two at the most: the second is for changing keys.'),
  FILES_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be a bucket name')
    .optional()
    .describe("The lake's bucket, for an edge that reads kept files there itself. Without it the origin is asked."),
  FILES_ENDPOINT: endpoint.describe(
    "Another S3 than the region's own (R2, MinIO), asked by path; R2: `https://<account>.r2.cloudflarestorage.com`.",
  ),
  FILES_REGION: z
    .string()
    .regex(/^[a-z0-9-]{2,30}$/, 'must be a region such as ap-northeast-1, or auto')
    .default('ap-northeast-1')
    .describe('Region of `FILES_BUCKET`; `auto` for R2.'),
  FILES_ACCESS_KEY_ID: z
    .string()
    .optional()
    .describe("Access key for `FILES_BUCKET`; without it the platform's own credentials for AWS."),
  FILES_SECRET_ACCESS_KEY: z.string().optional().describe('Secret of `FILES_ACCESS_KEY_ID`. A secret.'),
}
