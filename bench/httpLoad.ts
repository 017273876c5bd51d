import autocannon from 'autocannon'
import { TOKENS } from './httpTokens.js'

/** What one round of load was answered with, as this process prints it. */
export interface LoadResult {
  readonly perSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  /** Anything but 2xx, and connections that broke: a round with any of them measured something else. */
  readonly failed: number
  /** Answers with 2xx, and the processor time that asking for them took. */
  readonly answers: number
  readonly cpuMicros: number
}

/** `node --import tsx bench/httpLoad.ts URL SECONDS CONNECTIONS`: whole lives over HTTP, in a process of its own, as far from the server as one machine allows. */
const [url = '', seconds = '', connections = ''] = process.argv.slice(2)

const checklist = [{ item: 'KTP_COCOK', matched: true }]
const FILING = { route: 'layanan_digital', cause: 'HP_GANTI', participantRef: 'ps_bench-abc', declaration: true }
const EVENTS: readonly (readonly [actor: keyof typeof TOKENS, event: object])[] = [
  ['portal', { type: 'contact.prove', channel: 'email' }],
  ['portal', { type: 'contact.prove', channel: 'phone' }],
  ['agent', { type: 'verification.start' }],
  ['agent', { type: 'identity.verify', verdict: 'matched', checklist }],
  ['agent', { type: 'approval.propose' }],
]

const run = `${process.pid.toString(36)}-${Math.round(performance.timeOrigin).toString(36)}`
let commands = 0
const headersOf = (actor: keyof typeof TOKENS) => ({
  authorization: `Bearer ${TOKENS[actor]}`,
  'content-type': 'application/json',
  'idempotency-key': `"${run}.${(commands++).toString(36)}"`,
})
type Context = Record<string, string>
const remember = (_status: number, _body: string, context: Context, headers: Readonly<Record<string, string>>) => {
  const named = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  if (named['location'] !== undefined) context['ticket'] = named['location']
  if (named['etag'] !== undefined) context['etag'] = named['etag']
}

const before = process.cpuUsage()
const result = await autocannon({
  url,
  connections: Number(connections),
  duration: Number(seconds),
  requests: [
    {
      method: 'POST',
      body: JSON.stringify({ type: 'pengaduan', ...FILING }),
      setupRequest: (request) => ({ ...request, path: '/v1/tickets', headers: headersOf('portal') }),
      onResponse: remember,
    },
    ...EVENTS.map(([actor, event]) => ({
      method: 'POST' as const,
      body: JSON.stringify(event),
      setupRequest: (request: object, context: Context) => ({
        ...request,
        path: `${context['ticket'] ?? ''}/events`,
        headers: { ...headersOf(actor), 'if-match': context['etag'] ?? '' },
      }),
      onResponse: remember,
    })),
  ],
})
const { latency } = result
const { user, system } = process.cpuUsage(before)
const answer: LoadResult = {
  perSecond: result['2xx'] / result.duration,
  p50Ms: latency.p50,
  p99Ms: latency.p99,
  maxMs: latency.max,
  failed: result.errors + result.non2xx,
  answers: result['2xx'],
  cpuMicros: user + system,
}
process.stdout.write(`${JSON.stringify(answer)}\n`)
