import { pino, type DestinationStream, type Logger } from 'pino'
import type { LogLevel } from './config.js'

export type { Logger } from 'pino'

/** Names whose values never reach a log, wherever a caller may put them. A second net: callers log ids only. */
const SECRET_NAMES = [
  'authorization',
  'cookie',
  'token',
  'password',
  'secret',
  'headers',
  'body',
  'query',
  'params',
  'payload',
  'filing',
  'nik',
  'kpj',
  'name',
  'nama',
  'email',
  'phone',
  'url',
]

/**
 * Structured logs on stdout (or `destination`), one JSON object a line, ids and codes only (R-LOG-1).
 * `time` is epoch milliseconds of the machine's own clock, also when the engine runs on a virtual one.
 */
export function createLogger(options: { level: LogLevel; destination?: DestinationStream }): Logger {
  const settings = {
    level: options.level,
    base: { service: 'pulih' },
    redact: { paths: SECRET_NAMES.flatMap((name) => [name, `*.${name}`]), censor: '[redacted]' },
    serializers: { err: describeError },
  }
  return options.destination === undefined ? pino(settings) : pino(settings, options.destination)
}

/** An error without its message: drivers and parsers put values into messages, and values may be personal. */
export interface DescribedError {
  readonly type: string
  readonly code: string | null
  readonly frames: readonly string[]
  readonly cause: DescribedError | null
}

/** Type, code and stack frames of an error and of its causes; four deep at most. */
export function describeError(error: unknown, depth = 0): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error, code: null, frames: [], cause: null }
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null
  const lines = (error.stack ?? '').split('\n').map((line) => line.trim())
  return {
    type: error.constructor.name,
    code,
    frames: lines.filter((line) => /^at .*[(\s](file:|node:|\/).*\d\)?$/.test(line)).slice(0, 12),
    cause: error.cause === undefined || depth >= 3 ? null : describeError(error.cause, depth + 1),
  }
}
