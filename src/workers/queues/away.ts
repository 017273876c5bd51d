/** What a socket says of a server that is not there just now, and PostgreSQL of one without a connection left, stopping or starting. */
const AWAY: ReadonlySet<string> = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN'],
  ...['53300', '57P01', '57P02', '57P03'],
])

/** May it come back by itself? What refuses us, or has no such name, will not let us in later either. */
export function isAway(cause: unknown): boolean {
  const errors: readonly unknown[] = cause instanceof AggregateError ? cause.errors : [cause]
  return errors.some(
    (it) => it instanceof Error && (('code' in it && AWAY.has(String(it.code))) || /time(d )?out/i.test(it.message)),
  )
}
