import { createRequire } from 'node:module'
import { afterEach, describe, expect, it } from 'vitest'
import type { TracingConfig } from '../../src/observe/config.js'
import { openTracing } from '../../src/observe/tracing.js'
import { Collector, Watched } from './world.js'

interface SpanJson {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: number
  readonly attributes: { key: string; value: Record<string, unknown> }[]
  readonly links?: { traceId: string; spanId: string }[]
  readonly status?: { code?: number }
}
const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})
async function collector(answer?: number | null): Promise<Collector> {
  const it = await Collector.open(answer)
  cleanups.push(() => it.close())
  return it
}
async function open(options: Parameters<typeof Watched.open>[0]): Promise<Watched> {
  const it = await Watched.open(options)
  cleanups.push(() => it.close())
  return it
}
const tracingTo = (url: string, ratio = 1): TracingConfig => ({ url, serviceName: 'pulih-test', ratio })
const spansOf = ({ bodies }: Collector): SpanJson[] =>
  bodies.flatMap((body) =>
    (JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: SpanJson[] }[] }[] }).resourceSpans.flatMap((it) =>
      it.scopeSpans.flatMap(({ spans }) => spans),
    ),
  )
/** prom-client loads the API package (types and no-ops) by itself. */
const loaded = () =>
  Object.keys(createRequire(import.meta.url).cache).filter((path) =>
    /@opentelemetry\/(sdk|exporter|otlp|core|resources|context)/.test(path),
  )

const CLIENT_TRACE = '0af7651916cd43dd8448eb211c80319c'
const CLIENT_SPAN = 'b7ad6b7169203331'
const traceparent = `00-${CLIENT_TRACE}-${CLIENT_SPAN}-01`

describe('traces', () => {
  it('are off, and nothing of OpenTelemetry is loaded, unless configured', async () => {
    const world = await open({})
    const id = await world.file({ traceparent })
    expect((await world.store.outboxOf(id)).map((row) => row.trace)).toEqual([null])
    expect(loaded()).toEqual([])
    const tracing = await openTracing(tracingTo('http://127.0.0.1:9/v1/traces'), '0')
    expect(loaded()).not.toEqual([])
    await tracing.stop(100)
  })

  it('follow one command from the request through commit, outbox, queue and delivery to the receiver', async () => {
    const [otlp, sink] = [await collector(), await collector()]
    const world = await open({ tracing: tracingTo(otlp.url), sinkUrl: sink.url })
    world.startWorkers()
    const id = await world.file({ traceparent, tracestate: 'vendor=secret', baggage: 'nik=3174012345678901' })
    const [row] = await world.store.outboxOf(id)
    expect(row!.trace).toMatch(new RegExp(`^00-${CLIENT_TRACE}-[0-9a-f]{16}-01$`))
    await expect.poll(async () => (await world.store.outboxOf(id)).map((it) => it.deliveredAt !== null)).toEqual([true])
    await world.flush()

    const spans = spansOf(otlp).filter((it) => it.traceId === CLIENT_TRACE)
    const named = (name: string) => {
      const found = spans.filter((it) => it.name === name)
      expect(found.map((it) => it.name)).toEqual([name])
      return found[0]!
    }
    const request = named('POST /v1/tickets')
    expect(request).toMatchObject({ parentSpanId: CLIENT_SPAN, kind: 2 })
    expect(request.attributes).toContainEqual({ key: 'http.response.status_code', value: { intValue: 202 } })
    expect(request.attributes).toContainEqual({ key: 'http.route', value: { stringValue: '/v1/tickets' } })
    const chain = ['engine.handle', 'outbox.relay', 'outbox.deliver', 'sink.deliver']
    let parent = request
    for (const name of chain) {
      const span = named(name)
      expect(span.parentSpanId, name).toBe(parent.spanId)
      expect(span.attributes).toContainEqual({ key: 'pulih.ticket.id', value: { stringValue: id } })
      parent = span
    }
    const commit = named('engine.commit')
    expect(commit.parentSpanId).toBe(named('engine.handle').spanId)
    expect(commit.links).toEqual([expect.objectContaining({ spanId: named('engine.handle').spanId })])
    expect(row!.trace!.slice(36, 52)).toBe(named('engine.handle').spanId)
    // The receiver can go on from here.
    expect(sink.headers.map((it) => it['traceparent'])).toEqual([
      `00-${CLIENT_TRACE}-${named('sink.deliver').spanId}-01`,
    ])
    expect(sink.headers.map((it) => [it['tracestate'], it['baggage']])).toEqual([[undefined, undefined]])
    // The request's log line names the trace.
    expect(world.log.some((line) => line.includes(`"traceId":"${CLIENT_TRACE}"`))).toBe(true)
    expect(await world.verify()).toEqual([])
  })

  it('a timer begins a trace of its own, whichever alarm rings, and an answer from outside goes on in the trace of its command', async () => {
    const otlp = await collector()
    const world = await open({ tracing: tracingTo(otlp.url) })
    const id = await world.onHold()
    const hold = (await world.store.timersOf(id)).find(({ family, state }) => family === 'hold' && state === 'pending')!
    world.clock.set(hold.dueAt - 300)
    world.startWorkers()
    await expect.poll(async () => (await world.store.findTicket(id))!.state, { timeout: 45_000 }).toBe('contactUpdated')
    await expect.poll(async () => (await world.store.undeliveredOutbox(world.clock.now() + 1, 9)).length).toBe(0)
    await world.flush()
    const spans = spansOf(otlp)
    const fired = spans.filter((it) => it.name === 'timer.fire')
    expect(fired).toHaveLength(1)
    expect(fired[0]!.parentSpanId ?? '').toBe('')
    expect(fired[0]!.attributes).toContainEqual({ key: 'pulih.timer.family', value: { stringValue: 'hold' } })
    const trace = spans.filter((it) => it.traceId === fired[0]!.traceId)
    // The hold ends → the account service is told → its answer ends the ticket → people are told.
    const sources = trace
      .filter((it) => it.name === 'engine.handle')
      .flatMap((it) => it.attributes.filter(({ key }) => key === 'pulih.command.source'))
      .map(({ value }) => value['stringValue'])
    expect(sources).toEqual(['queue', 'system'])
    expect(trace.filter((it) => it.name === 'outbox.deliver').length).toBeGreaterThanOrEqual(2)
  })

  it('commands that share a commit are linked from its span', async () => {
    const otlp = await collector()
    const world = await open({ tracing: tracingTo(otlp.url) })
    const ids = await Promise.all(Array.from({ length: 12 }, () => world.file()))
    await world.flush()
    const spans = spansOf(otlp)
    const handled = new Set(spans.filter((it) => it.name === 'engine.handle').map((it) => it.spanId))
    const linked = spans.filter((it) => it.name === 'engine.commit').flatMap((it) => it.links ?? [])
    expect(handled.size).toBe(ids.length)
    expect(linked.map((it) => it.spanId).toSorted()).toEqual([...handled].toSorted())
  })

  it('hold ids and codes only', async () => {
    const otlp = await collector()
    const world = await open({ tracing: tracingTo(otlp.url), sinkUrl: 'http://127.0.0.1:9/canary-sink' })
    const workers = world.startWorkers()
    const canary = 'canary-3174012345678901'
    const headers = { 'user-agent': canary, 'x-request-id': canary, tracestate: `c=${canary}`, baggage: `c=${canary}` }
    const id = await world.file({ ...headers, 'idempotency-key': '"secret-key-1"' })
    await world.request('POST', '/v1/tickets', { body: { type: canary, [canary]: canary }, headers })
    await world.request('POST', `/v1/tickets/${id}/events`, { body: { type: canary }, headers })
    await world.send(id, 'agent', 'reject', { code: canary })
    for (const path of [`/v1/tickets/${canary}`, `/${canary}?${canary}`, `/v1/tickets?participantRef=${canary}`])
      await world.request('GET', path, { headers, as: 'agent' })
    await world.request('PROPFIND', `/${canary}`, { headers })
    // Digits alone may be somebody's number: no trace goes on from such an id.
    const digits = [`00-00000000000000003174012345678901-${CLIENT_SPAN}-01`, `00-${CLIENT_TRACE}-3174012345678901-01`]
    for (const it of digits) await world.request('GET', '/livez', { headers: { traceparent: it } })
    await world.engine
      .handle({
        ticketId: id,
        event: { type: canary },
        actor: { id: canary, role: 'agent' },
        key: canary,
        fingerprint: '',
      })
      .catch(() => undefined)
    await expect.poll(() => workers.health().then(({ ok }) => ok)).toBe(true)
    await expect.poll(async () => (await world.store.outboxOf(id))[0]!.attempts, { timeout: 45_000 }).toBeGreaterThan(0)
    await world.flush()
    const names = new Set(spansOf(otlp).map((it) => it.name))
    const expected = ['engine.handle', 'outbox.relay', 'sink.deliver', 'GET /v1/tickets/{id}', 'GET', 'HTTP']
    expect([...names]).toEqual(expect.arrayContaining(expected))
    const failed = spansOf(otlp).find((it) => it.name === 'sink.deliver')!
    expect(failed.status?.code).toBe(2)
    expect(failed.attributes).toContainEqual({ key: 'error.type', value: { stringValue: 'SinkUnreachable' } })
    const sent = otlp.bodies.join('\n').toLowerCase()
    for (const secret of ['canary', '3174012345678901', 'ref_abcdef1', 'secret-key', 'token-of', '127.0.0.1'])
      expect(sent.includes(secret), secret).toBe(false)
  })

  it.each([
    '',
    'garbage',
    `01`,
    `00-${'0'.repeat(32)}-${CLIENT_SPAN}-01`,
    `00-${CLIENT_TRACE}-${'0'.repeat(16)}-01`,
    `ff-${CLIENT_TRACE}-${CLIENT_SPAN}-01`,
    `00-${CLIENT_TRACE.toUpperCase()}-${CLIENT_SPAN}-01`,
    `${traceparent}-x`,
  ])('a traceparent that is none is left aside: %j', async (given) => {
    const otlp = await collector()
    const world = await open({ tracing: tracingTo(otlp.url) })
    const id = await world.file({ traceparent: given })
    const [row] = await world.store.outboxOf(id)
    expect(row!.trace).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
    expect(row!.trace!.toLowerCase()).not.toContain(CLIENT_TRACE)
  })

  it('whether a trace is recorded is decided here, and kept through outbox and queue', async () => {
    const otlp = await collector()
    const world = await open({ tracing: tracingTo(otlp.url, 0) })
    world.startWorkers()
    const id = await world.file({ traceparent })
    expect((await world.store.outboxOf(id))[0]!.trace).toMatch(new RegExp(`^00-${CLIENT_TRACE}-[0-9a-f]{16}-00$`))
    await expect.poll(async () => (await world.store.outboxOf(id))[0]!.deliveredAt).not.toBe(null)
    await world.flush()
    expect(otlp.bodies).toEqual([])
  })

  it.each([
    ['is not there', null],
    ['refuses', 503],
    ['never answers', 'hangs'],
  ] as const)(
    'a collector that %s neither slows nor breaks anything, and a stop waits for it a few seconds only',
    async (_how, answer) => {
      const otlp = answer === null ? null : await collector(answer === 'hangs' ? null : answer)
      const world = await open({ tracing: tracingTo(otlp?.url ?? 'http://127.0.0.1:9/v1/traces') })
      world.startWorkers()
      const startedAt = performance.now()
      const ids = await Promise.all(Array.from({ length: 20 }, () => world.file()))
      await Promise.all(
        ids.map((id) =>
          expect.poll(async () => (await world.store.outboxOf(id))[0]!.deliveredAt, { timeout: 45_000 }).not.toBe(null),
        ),
      )
      expect(performance.now() - startedAt).toBeLessThan(20_000)
      expect(await world.flush()).toBeLessThan(15_000)
      expect(await world.verify()).toEqual([])
    },
  )
})
