import type { Logger } from 'pino'

/** Logs an error of the queue; the same reason again within a minute is left out, since all connections share an outage. */
export type Report = (error: Error, fields: Readonly<Record<string, string>>) => void

const QUIET_MS = 60_000

export function createReport(logger: Logger): Report {
  const quiet = new Set<string>()
  return ({ message: reason }, fields) => {
    if (quiet.has(reason)) return
    quiet.add(reason)
    setTimeout(() => quiet.delete(reason), QUIET_MS).unref()
    logger.warn({ ...fields, reason }, 'queue error')
  }
}
