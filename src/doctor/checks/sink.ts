import { connect } from 'node:net'
import { ok, skipped, warn } from '../findings.js'
import type { Check } from '../types.js'

const LIMIT_MS = 2_000

/** Only whether somebody listens: a request would be a message to somebody. */
export const checkSink: Check = async ({ config: { sinkUrl, production } }) => {
  if (sinkUrl === null)
    return production
      ? [
          warn(
            'sink',
            'SINK_URL is not set: messages and commands stay in the local mailbox and reach nobody.',
            'Set SINK_URL.',
          ),
        ]
      : [skipped('sink', 'No SINK_URL: messages stay in the local mailbox.')]
  const { hostname, port, protocol } = new URL(sinkUrl)
  const listens = await reachable(hostname.replace(/^\[|\]$/g, ''), Number(port) || (protocol === 'https:' ? 443 : 80))
  return listens
    ? [ok('sink', 'Somebody listens at SINK_URL.')]
    : [
        warn(
          'sink',
          'Nobody listens at SINK_URL: what is to be sent is tried for an hour, then it is a dead letter.',
          'Start the receiver, or correct SINK_URL.',
        ),
      ]
}

function reachable(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: LIMIT_MS })
    const end = (listens: boolean) => () => {
      socket.destroy()
      resolve(listens)
    }
    socket.once('connect', end(true))
    socket.once('error', end(false))
    socket.once('timeout', end(false))
  })
}
