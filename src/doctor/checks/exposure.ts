import { isIP } from 'node:net'
import { fail, ok, skipped, warn } from '../findings.js'
import type { Check, Finding } from '../types.js'

/** Who can reach the API, and how hard its tokens are to guess. */
export const checkExposure: Check = ({ config }) => {
  const tokens = config.tokens.filter((it) => it.weak === true).map((it) => it.actorId)
  return [reach(config.host, config.trustProxyHops), strength(config.tokens.length, tokens, config.production)]
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))

function reach(host: string, hops: number): Finding {
  if (isLoopback(host)) return ok('exposure', 'Listens on this machine only.')
  if (hops > 0)
    return ok('exposure', `Listens beyond this machine, behind ${hops} trusted ${hops === 1 ? 'proxy' : 'proxies'}.`)
  return warn(
    'exposure',
    'Listens beyond this machine in plain HTTP, with no proxy in front: tokens can be read on the way.',
    'Put a proxy with TLS in front and set TRUST_PROXY_HOPS, or set HOST=127.0.0.1.',
  )
}

function strength(count: number, weak: readonly string[], production: boolean): Finding {
  if (count === 0) return skipped('tokens', 'PULIH_TOKENS is empty: a development start makes random ones.')
  if (weak.length === 0) return ok('tokens', `${count} tokens, none of them easy to guess.`)
  const is = `Easy to guess: the tokens of ${weak.join(', ')}.`
  return (production ? fail : warn)('tokens', is, 'Make each with: openssl rand -base64 32')
}
