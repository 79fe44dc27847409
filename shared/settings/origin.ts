/** What the origin is told. */
import * as z from 'zod'
import { FILE_LINKS } from './files.ts'
import { adminSettings } from './admin.ts'
import { endpoint, json, port, publicJwk } from './kinds.ts'

const adminKeys = z
  .string()
  .default('')
  .transform((text, context) =>
    text
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '')
      .map((entry) => {
        const [, id, hash] = /^([a-z0-9]{8,32}):([0-9a-f]{64})$/.exec(entry) ?? []
        if (id !== undefined && hash !== undefined) return { id, hash }
        context.addIssue({ code: 'custom', message: 'must be a list of `id:sha256hex`, comma-separated' })
        return z.NEVER
      }),
  )

export const OriginConfig = z.object({
  PORT: port.default(8080).describe('Where the origin listens.'),
  HOST: z.string().default('127.0.0.1').describe('The address it binds.'),
  ESTAT_APP_ID: z
    .string()
    .optional()
    .describe('Application ID of e-Stat. Without it the bundled sample answers. A secret.'),
  ESTAT_BASE_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Scheme and host that answer for e-Stat, where a proxy or a stand-in does; e-Stat itself where absent.'),
  ESTAT_CONCURRENCY: z.coerce
    .number()
    .int()
    .min(1)
    .max(16)
    .default(4)
    .describe('Requests to e-Stat under way at once, over all callers of this process.'),
  ESTAT_GAP_MS: z.coerce
    .number()
    .int()
    .min(0)
    .max(10_000)
    .default(100)
    .describe('Milliseconds between the beginnings of two requests to e-Stat, which publishes no limit of its own.'),
  ESTAT_CALL_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(45)
    .default(20)
    .describe('Budget of one tool call, seconds. Clients give up after a minute at the latest.'),
  ESTAT_CALL_ROWS: z.coerce
    .number()
    .int()
    .min(1)
    .max(5_000_000)
    .default(500_000)
    .describe('Rows that one call may fetch; a larger selection becomes a job.'),
  ESTAT_CATALOGUE: z
    .enum(['background', 'off'])
    .default('background')
    .describe(
      '`background`: with an application ID, the catalogue of all tables is fetched and refreshed daily by itself. `off`: the bundled sample is searched.',
    ),
  ESTAT_JOBS: z
    .enum(['background', 'on_request'])
    .default('background')
    .describe(
      '`background`: jobs go on by themselves. `on_request`: only while get_job asks, for homes where a process sleeps between requests.',
    ),
  ESTAT_JOB_LEASE_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(600)
    .default(30)
    .describe('After this many seconds without a sign of life another instance takes a job over.'),
  ESTAT_JOB_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(365)
    .default(7)
    .describe('Days that a job is remembered after its end; rows and files that it made stay.'),
  ESTAT_HOME: z
    .enum(['embedded', 'aws'])
    .default('embedded')
    .describe(
      '`embedded`: the lake is on this disk. `aws`: in `S3_BUCKET` of `AWS_REGION`, with the credentials that the SDK finds (role, environment, profile).',
    ),
  AWS_REGION: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be a region such as ap-northeast-1')
    .optional()
    .describe('Region of bucket and Glue; needed with `ESTAT_HOME=aws`.'),
  AWS_ENDPOINT_URL_S3: endpoint.describe("Another S3 than the region's own; asked by path (`/<bucket>/<key>`)."),
  AWS_ENDPOINT_URL_GLUE: endpoint.describe("Another Glue than the region's own."),
  ESTAT_TABLES: z
    .enum(['glue', 'files'])
    .default('glue')
    .describe(
      'On AWS: `glue` keeps tables in the Glue Data Catalog, where Athena finds them. `files` needs S3 alone (R2, MinIO, Ceph).',
    ),
  GLUE_DATABASE_PREFIX: z
    .string()
    .regex(/^[a-z0-9_]{0,60}$/, 'must be a-z, 0-9 and _, at most 60 characters')
    .default('')
    .describe("Before a tenant's name in the name of its Glue database."),
  ATHENA_WORKGROUP: z
    .string()
    .regex(/^[a-zA-Z0-9._-]{1,128}$/, 'must be the name of a workgroup')
    .optional()
    .describe(
      'On AWS with `ESTAT_TABLES=glue`: Athena answers, in this workgroup, what is too large for copies on this machine. Without it DuckDB answers all. Its bytes cutoff is the most that one query may scan.',
    ),
  ATHENA_OUTPUT_LOCATION: z
    .string()
    .regex(/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/(.*\/)?$/, 'must be s3://bucket/prefix/')
    .optional()
    .describe(
      "Where Athena writes results; the workgroup's own place where absent, and results are reused from that alone.",
    ),
  LAKE_WRITER: z
    .enum(['own', 'athena'])
    .default('own')
    .describe(
      "Who writes tables on AWS. `own`: this server, in one commit. `athena`: Athena's INSERT and MERGE, for accounts where nothing else may commit; slower, billed by the bytes it reads. A table stays with the writer that made it.",
    ),
  AWS_ENDPOINT_URL_ATHENA: endpoint.describe("Another Athena than the region's own."),
  ATHENA_SMALL_MB: z.coerce
    .number()
    .int()
    .min(0)
    .max(100_000)
    .default(256)
    .describe('Megabytes of data files up to which DuckDB answers instead of Athena, over copies on this machine.'),
  ATHENA_USD_PER_TB: z.coerce
    .number()
    .min(0)
    .max(1000)
    .default(5)
    .describe('What Athena bills in the region for a terabyte scanned, US dollars: for the cost in an answer.'),
  ATHENA_REUSE_MINUTES: z.coerce
    .number()
    .int()
    .min(0)
    .max(10_080)
    .default(1440)
    .describe('How old a result of Athena may be that is given again for the same query on the same state; 0: none.'),
  ESTAT_CACHE_MB: z.coerce
    .number()
    .int()
    .min(64)
    .max(1_000_000)
    .default(4096)
    .describe('On AWS: megabytes of `ESTAT_DATA_DIR` that copies of data files may take.'),
  S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'must be a bucket name')
    .default('estat-lake')
    .describe("The lake's bucket; embedded, a folder under `ESTAT_DATA_DIR`."),
  ESTAT_DATA_DIR: z
    .string()
    .default('.estat')
    .describe('Folder of the embedded lake; on AWS, of work in progress and of copies.'),
  ESTAT_LOCAL_PATHS: z
    .enum(['auto', 'on', 'off'])
    .default('auto')
    .describe(
      '`on`: callers are on this machine, and `local_path` and `local_json_path` mean files in `ESTAT_DATA_DIR`. `off`: they are elsewhere. `auto`: on where `HOST` is loopback.',
    ),
  ORIGIN_PUBLIC_KEYS: json(z.array(publicJwk).max(2), 'a list of at most two public Ed25519 JWKs')
    .default([])
    .describe('Public JWKs of the edges that may call, two at the most: the second is for changing keys.'),
  ORIGIN_ADMIN_KEYS: adminKeys.describe('Keys of administrators, `id:sha256hex` of the secret, comma-separated.'),
  ...FILE_LINKS,
  ...adminSettings,
  ORIGIN_METRICS: z
    .enum(['off', 'emf'])
    .default('off')
    .describe(
      "`emf`: counters of tools, jobs, rows and queries go to the log each minute in CloudWatch's embedded metric format. Prometheus scrapes the administration's `/admin/metrics`.",
    ),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info').describe('What is logged.'),
})
export type OriginConfig = z.infer<typeof OriginConfig>
