import type { Pulih } from '../main.js'
import { reportError, type CliIo } from './io.js'

/** What an orchestrator grants before it kills is half a minute: a stop that hangs ends by itself before. */
const LIMIT_MS = 25_000
const CUT = 'pulih: stopped; work that did not finish in time is taken up at the next start.'

/** First signal, also while still starting: an orderly stop, exit 0, after `limitMs` at the latest. Second: at once, exit 1 (R-OPS-2). */
export function stopOnSignal(
  started: Promise<{ readonly pulih: Pick<Pulih, 'stop'> }>,
  io: CliIo,
  limitMs = LIMIT_MS,
): void {
  let stopping = false
  const stop = (): void => {
    if (stopping) process.exit(1)
    stopping = true
    setTimeout(() => {
      io.err(CUT)
      process.exit(0)
    }, limitMs).unref()
    started
      .then(({ pulih }) => pulih.stop())
      .then((clean) => {
        if (!clean) io.err(CUT)
        process.exit(0)
      })
      .catch((error: unknown) => {
        reportError(error, io)
        process.exit(1)
      })
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}
