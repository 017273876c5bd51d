import { createHash } from 'node:crypto'
import { z } from 'zod'

/** Who may read `/metrics`: nobody, whoever sits on this machine, or who brings the token. */
export interface MetricsConfig {
  readonly access: 'off' | 'loopback' | 'token'
  /** SHA-256 of the token; null unless `access` is `token`. */
  readonly tokenSha256: Buffer | null
  /** Port of a small listener for `/metrics`, `/livez`, `/readyz`; null: none beside the API. */
  readonly port: number | null
}
/** Where spans go; the configuration holds null where nothing is traced. */
export interface TracingConfig {
  /** The whole address, `…/v1/traces`; may hold a secret: never printed. */
  readonly url: string
  readonly serviceName: string
  /** Share of the traces begun here that is recorded, 0 to 1. */
  readonly ratio: number
}

const TOKEN_MIN = 16
const http = (name: string) =>
  z
    .string()
    .refine(
      (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
      `${name} must be a URL that starts with http:// or https://.`,
    )
    .optional()

/** The variables of this room, for the one schema that reads the environment. */
export const observeVariables = {
  METRICS: z.enum(['off', 'loopback', 'token'], 'METRICS must be off, loopback or token.').optional(),
  METRICS_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]+$/, 'METRICS_TOKEN must be visible ASCII.')
    .min(TOKEN_MIN, `METRICS_TOKEN must have at least ${TOKEN_MIN} characters.`)
    .optional(),
  METRICS_PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'METRICS_PORT must be a whole number from 0 to 65535.')
    .transform(Number)
    .refine((port) => port <= 65_535, 'METRICS_PORT must be a whole number from 0 to 65535.')
    .optional(),
  OTEL_SDK_DISABLED: z.string().optional(),
  OTEL_TRACES_EXPORTER: z.enum(['otlp', 'none'], 'OTEL_TRACES_EXPORTER must be otlp or none.').optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: http('OTEL_EXPORTER_OTLP_ENDPOINT'),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: http('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'),
  OTEL_SERVICE_NAME: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,64}$/, 'OTEL_SERVICE_NAME must be 1 to 64 letters, digits, dots, underscores or hyphens.')
    .default('pulih'),
  OTEL_TRACES_SAMPLER_ARG: z
    .string()
    .regex(/^(0(\.\d{1,9})?|1(\.0{1,9})?)$/, 'OTEL_TRACES_SAMPLER_ARG must be a number from 0 to 1.')
    .transform(Number)
    .default(1),
}
type Values = z.infer<z.ZodObject<typeof observeVariables>>

/** Behind a proxy on this machine everyone comes from loopback: then only a token tells who asks. */
export function readMetrics(values: Values, trustProxyHops: number): { metrics: MetricsConfig; faults: string[] } {
  const { METRICS: asked, METRICS_TOKEN: token, METRICS_PORT: port = null } = values
  const byDefault = token !== undefined ? 'token' : trustProxyHops > 0 ? 'off' : 'loopback'
  const access = asked ?? byDefault
  const faults: string[] = []
  if (access === 'token' && token === undefined) faults.push('METRICS=token needs METRICS_TOKEN.')
  if (access === 'loopback' && trustProxyHops > 0)
    faults.push('METRICS=loopback tells nobody apart behind a proxy (TRUST_PROXY_HOPS): set METRICS_TOKEN instead.')
  const tokenSha256 = access === 'token' && token !== undefined ? createHash('sha256').update(token).digest() : null
  return { metrics: { access, tokenSha256, port }, faults }
}

/** Off unless an exporter or an endpoint is named. The headers of the export (`OTEL_EXPORTER_OTLP_HEADERS`) are read by the exporter itself. */
export function readTracing(values: Values): TracingConfig | null {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: base, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: exact } = values
  const wanted = values.OTEL_TRACES_EXPORTER ?? (base !== undefined || exact !== undefined ? 'otlp' : 'none')
  if (wanted === 'none' || values.OTEL_SDK_DISABLED?.toLowerCase() === 'true') return null
  return {
    url: exact ?? `${(base ?? 'http://localhost:4318').replace(/\/+$/, '')}/v1/traces`,
    serviceName: values.OTEL_SERVICE_NAME,
    ratio: values.OTEL_TRACES_SAMPLER_ARG,
  }
}
