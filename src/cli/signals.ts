import type { Pulih } from '../main.js'
import { reportError, type CliIo } from './io.js'

/** First signal, also while still starting: an orderly stop, exit 0. Second: at once, exit 1 (R-OPS-2). */
export function stopOnSignal(started: Promise<{ readonly pulih: Pick<Pulih, 'stop'> }>, io: CliIo): void {
  let stopping = false
  const stop = (): void => {
    if (stopping) process.exit(1)
    stopping = true
    started
      .then(({ pulih }) => pulih.stop())
      .then((clean) => {
        if (!clean) io.err('pulih: stopped; work that did not finish in time is taken up at the next start.')
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
