import type { KeyObject } from 'node:crypto'
import { resolve } from 'node:path'
import { z } from 'zod'
import { readAuditKey } from './audit/signing.js'
import { PulihError } from './engine/errors.js'
import { readLimits, type Limits } from './intake/limits.js'
import { readKeys } from './privacy/config.js'
import type { KeyringConfig } from './privacy/keyring.js'
import { readRetention, type RetentionPolicy } from './privacy/retentionConfig.js'
import { filesVariables, readFiles, type FilesConfig } from './ports/filesConfig.js'
import { messagingVariables, readMessaging, type MessagingConfig } from './ports/messagingConfig.js'
import { readStaff, staffVariables, type StaffConfig } from './staff/identity/config.js'
import { readUpstreams, upstreamVariables, type Upstreams } from './ports/config.js'
import { listed, readTokens, type TokenEntry } from './tokens.js'
import { observeVariables, readMetrics, readTracing, type MetricsConfig, type TracingConfig } from './observe/config.js'

export { digestToken, TOKEN_ROLES, type TokenEntry, type TokenRole } from './tokens.js'

export interface Config {
  readonly production: boolean
  readonly host: string
  readonly port: number
  /** Absolute path of the folder that holds everything embedded, the SQLite file among it. */
  readonly dataDir: string
  /** `postgres://`; null: SQLite under `dataDir`. Holds a password: never printed. */
  readonly databaseUrl: string | null
  /** `redis://` or `postgres://`; null: the embedded queue. */
  readonly queueUrl: string | null
  /** Where messages and port commands go; null: the embedded sinks. */
  readonly sinkUrl: string | null
  /** Absolute paths of files with further ticket types. */
  readonly ticketTypes: readonly string[]
  readonly tokens: readonly TokenEntry[]
  readonly logLevel: LogLevel
  /** Exact number of proxies in front; 0: forwarded headers are ignored. */
  readonly trustProxyHops: number
  readonly mailbox: boolean
  readonly metrics: MetricsConfig
  /** Null: nothing is traced. */
  readonly tracing: TracingConfig | null
  /** The secrets that personal data are sealed under; null: a key file in the data folder (never in production). */
  readonly keys: KeyringConfig | null
  /** What signs the audit chain's checkpoints; null: a key file in the data folder (never in production). */
  readonly auditKey: KeyObject | null
  /** How long what is kept. */
  readonly retention: RetentionPolicy
  /** Budgets of codes, requests and cases. */
  readonly limits: Limits
  /** Where participants' pages are, without a slash at the end; null: messages name no address. */
  readonly publicUrl: string | null
  /** How the staff sign in. Holds a password: never printed. */
  readonly staff: StaffConfig
  /** Participant directory and account service of the institution; null: the embedded ones. */
  readonly upstreams: Upstreams | null
  /** Where uploaded files are kept and who scans them. */
  readonly files: FilesConfig
  /** How mail and SMS leave. Holds a password: never printed. */
  readonly messaging: MessagingConfig
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** What the command line may set over the environment. */
export interface ConfigOverrides {
  readonly port?: string | number | undefined
  readonly host?: string | undefined
  readonly data?: string | undefined
}

const wholeNumber = (name: string, min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `${name} must be a whole number from ${min} to ${max}.`)
    .transform(Number)
    .refine((n) => n >= min && n <= max, `${name} must be a whole number from ${min} to ${max}.`)
const urlOf = (name: string, protocols: readonly string[]) =>
  z
    .string()
    .refine(
      (text) => URL.canParse(text) && protocols.includes(new URL(text).protocol),
      `${name} must be a URL that starts with ${protocols.map((p) => `${p}//`).join(' or ')}.`,
    )

/** SQLite's file always lies under the data folder, so there is no path to give. */
const databaseUrl = z
  .string()
  .refine(
    (text) => /^sqlite:?$/i.test(text) || (/^postgres(ql)?:\/\//i.test(text) && URL.canParse(text)),
    'DATABASE_URL must be a URL that starts with postgres://, or sqlite: (the default: a file under PULIH_DATA).',
  )
  .transform((text) => (/^sqlite/i.test(text) ? null : text))

const Environment = z.object({
  NODE_ENV: z.string().default('development'),
  HOST: z
    .string()
    .regex(/^[A-Za-z0-9.:_-]{1,253}$/, 'HOST must be a host name or an IP address.')
    .default('127.0.0.1'),
  PORT: wholeNumber('PORT', 0, 65535).default(3000),
  PULIH_DATA: z.string().default('.pulih'),
  DATABASE_URL: databaseUrl.optional(),
  QUEUE_URL: urlOf('QUEUE_URL', ['redis:', 'rediss:', 'postgres:', 'postgresql:']).optional(),
  SINK_URL: urlOf('SINK_URL', ['http:', 'https:']).optional(),
  PULIH_TICKET_TYPES: z.string().default(''),
  PULIH_TOKENS: z.string().default(''),
  LOG_LEVEL: z.enum(LOG_LEVELS, `LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}.`).default('info'),
  TRUST_PROXY_HOPS: wholeNumber('TRUST_PROXY_HOPS', 0, 16).default(0),
  PULIH_KEYS: z.string().default(''),
  PULIH_INDEX_KEYS: z.string().default(''),
  PULIH_AUDIT_KEY: z.string().default(''),
  PULIH_RETENTION: z.string().default(''),
  PULIH_LIMITS: z.string().default(''),
  PULIH_PUBLIC_URL: urlOf('PULIH_PUBLIC_URL', ['http:', 'https:']).optional(),
  MAILBOX: z.enum(['on', 'off'], 'MAILBOX must be on or off.').optional(),
  ...observeVariables,
  ...upstreamVariables,
  ...filesVariables,
  ...messagingVariables,
  ...staffVariables,
})
type Environment = z.infer<typeof Environment>

/**
 * Reads the whole configuration once; the only reader of the environment.
 * Throws PulihError CONFIGURATION_INVALID with one sentence per fault; values are never repeated, because some are secrets.
 */
export function loadConfig(
  env: Readonly<Record<string, string | undefined>> = process.env,
  overrides: ConfigOverrides = {},
): Config {
  const given = withOverrides(env, overrides)
  const { values, malformed, faults: malformedFaults } = readEnvironment(given)
  const production = values.NODE_ENV.toLowerCase() === 'production'
  const { tokens, faults } = readTokens(values.PULIH_TOKENS)
  if (production) faults.push(...productionFaults(values))
  const { metrics, faults: metricsFaults } = readMetrics(values, values.TRUST_PROXY_HOPS)
  const { limits, faults: limitFaults } = readLimits(values.PULIH_LIMITS)
  const { keys, faults: keyFaults } = readKeys(values.PULIH_KEYS, values.PULIH_INDEX_KEYS, production)
  const { auditKey, faults: auditFaults } = readAuditKey(values.PULIH_AUDIT_KEY, production)
  const { retention, faults: retentionFaults } = readRetention(values.PULIH_RETENTION)
  faults.push(...auditFaults, ...retentionFaults)
  const { upstreams, faults: upstreamFaults } = readUpstreams(values, production)
  const { files, faults: fileFaults } = readFiles(values, production)
  const { messaging, faults: messagingFaults } = readMessaging(values, production)
  const publicUrl = publicUrlOf(values, production)
  const { staff, faults: staffFaults } = readStaff(values, { production, publicUrl, tokens })
  faults.push(...staffFaults)
  faults.push(...metricsFaults, ...keyFaults, ...limitFaults, ...upstreamFaults, ...fileFaults, ...messagingFaults)
  // Nobody is told to set what is set, if badly.
  const further = faults.filter((fault) => !isIdle(fault, malformed, given))
  if (malformedFaults.length + further.length > 0) throw invalid([...malformedFaults, ...further])
  return {
    production,
    host: values.HOST,
    port: values.PORT,
    dataDir: resolve(values.PULIH_DATA),
    databaseUrl: values.DATABASE_URL ?? null,
    queueUrl: values.QUEUE_URL ?? null,
    sinkUrl: values.SINK_URL ?? null,
    ticketTypes: listed(values.PULIH_TICKET_TYPES).map((file) => resolve(file)),
    tokens,
    logLevel: values.LOG_LEVEL,
    trustProxyHops: values.TRUST_PROXY_HOPS,
    mailbox: mailboxOn(values, production),
    metrics,
    tracing: readTracing(values),
    keys,
    auditKey,
    retention,
    limits,
    publicUrl,
    staff,
    upstreams,
    files,
    messaging,
  }
}

/** The variables one by one; a malformed one counts as absent for what follows, so that every fault is told in one round. */
function readEnvironment(given: Record<string, string>): {
  readonly values: Environment
  readonly malformed: readonly string[]
  readonly faults: readonly string[]
} {
  const parsed = Environment.safeParse(given)
  if (parsed.success) return { values: parsed.data, malformed: [], faults: [] }
  const { issues } = parsed.error
  const malformed = [...new Set(issues.map((issue) => String(issue.path[0])))]
  const rest = Object.fromEntries(Object.entries(given).filter(([name]) => !malformed.includes(name)))
  return { values: Environment.parse(rest), malformed, faults: issues.map((issue) => issue.message) }
}

/** Would a fault be none if the malformed variables that it names were right? Nothing that it names is missing then. */
function isIdle(fault: string, malformed: readonly string[], given: Readonly<Record<string, string>>): boolean {
  const named = fault.match(/\b[A-Z][A-Z0-9]*(_[A-Z0-9]+)+\b|\b(HOST|PORT)\b/g) ?? []
  return named.some((name) => malformed.includes(name)) && named.every((name) => Object.hasOwn(given, name))
}

function publicUrlOf({ PULIH_PUBLIC_URL, PORT }: Environment, production: boolean): string | null {
  if (PULIH_PUBLIC_URL !== undefined) return PULIH_PUBLIC_URL.replace(/\/+$/, '')
  return production || PORT === 0 ? null : `http://localhost:${PORT}`
}

/** Where the queue is: one server for both unless another is named, for a queue in the database it serves needs no second one to look after. Null: embedded. */
export const queueOf = ({ queueUrl, databaseUrl }: Pick<Config, 'queueUrl' | 'databaseUrl'>): string | null =>
  queueUrl ?? databaseUrl

/** An empty variable counts as absent, as shells and compose files leave them. */
function withOverrides(
  env: Readonly<Record<string, string | undefined>>,
  overrides: ConfigOverrides,
): Record<string, string> {
  const given: Record<string, string | undefined> = {
    ...env,
    ...(overrides.port === undefined ? {} : { PORT: String(overrides.port) }),
    ...(overrides.host === undefined ? {} : { HOST: overrides.host }),
    ...(overrides.data === undefined ? {} : { PULIH_DATA: overrides.data }),
  }
  const entries = Object.entries(given).map(([name, value]) => [name, value?.trim() ?? ''] as const)
  return Object.fromEntries(entries.filter(([, value]) => value !== ''))
}

function productionFaults(values: Environment): string[] {
  const faults: string[] = []
  if (values.MAILBOX === 'on')
    faults.push('MAILBOX shows every message to whoever asks and cannot be on in production.')
  return faults
}

/** On by default only where nobody but this machine can look. */
function mailboxOn(values: Environment, production: boolean): boolean {
  if (production) return false
  const loopback = values.HOST === 'localhost' || values.HOST === '::1' || values.HOST.startsWith('127.')
  return values.MAILBOX === undefined ? loopback : values.MAILBOX === 'on'
}

const invalid = (sentences: readonly string[]) =>
  new PulihError('CONFIGURATION_INVALID', [...new Set(sentences)].join(' '), { faults: [...new Set(sentences)] })
