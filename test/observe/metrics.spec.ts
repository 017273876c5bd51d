import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, request, type IncomingMessage } from 'node:http'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createApi, startProbes } from '../../src/api/index.js'
import { defineMetrics } from '../../src/observe/registry.js'
import { HOUR } from '../support/world.js'
import { readExposition, valueOf } from './exposition.js'
import { Watched } from './world.js'

let world: Watched
afterEach(() => world.close())

/** The ladder's first step is an hour after the due. */
const HALF = HOUR / 2
const RESOLUTION = { type: 'pengaduan', target: 'resolution', route: 'layanan_digital' }
const read = async () => readExposition((await world.scrape()).text)
const dueOf = async (id: string) => {
  const { clocks } = (await world.store.findTicket(id))!.schedule
  return clocks.find((clock) => clock.target === 'resolution')!.dueAt
}

describe('GET /metrics', () => {
  it('is in the text format, strictly read, from the first scrape on', async () => {
    world = await Watched.open()
    const { status, headers, text } = await world.scrape()
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    const families = readExposition(text)
    const defined = defineMetrics().registry.getMetricsAsArray()
    expect(defined.map(({ name }) => name).filter((name) => !families.has(name))).toEqual([])
    expect(valueOf(families, 'pulih_store_up')).toBe(1)
    expect(valueOf(families, 'pulih_build_info')).toBe(1)
    expect(valueOf(families, 'process_resident_memory_bytes')).toBeGreaterThan(1e6)
    expect(valueOf(families, 'nodejs_eventloop_lag_seconds')).toBeGreaterThanOrEqual(0)
    // A promise that was never broken says so: an alert on its increase sees the first breach.
    expect(valueOf(families, 'pulih_sla_breaches_total', RESOLUTION)).toBe(0)
    // Counters by convention end in _total, and only they do.
    for (const { name, type } of families.values())
      if (name.startsWith('pulih_')) expect(name.endsWith('_total'), name).toBe(type === 'counter')
  })

  it('counts commands, facts, commits, refusals and requests', async () => {
    world = await Watched.open()
    const id = await world.onHold()
    expect((await world.send(id, 'agent', 'approval.propose')).status).toBe(409)
    expect((await world.request('GET', '/v1/tickets', { as: '' })).status).toBe(401)
    const families = await read()
    expect(valueOf(families, 'pulih_commands_total', { source: 'file' })).toBe(1)
    expect(valueOf(families, 'pulih_commands_total', { source: 'event' })).toBe(6)
    expect(valueOf(families, 'pulih_command_refusals_total', { source: 'event', code: 'EVENT_NOT_ALLOWED' })).toBe(1)
    expect(valueOf(families, 'pulih_facts_total', { type: 'pengaduan', fact: 'TicketFiled' })).toBe(1)
    expect(valueOf(families, 'pulih_commit_batch_size_sum')).toBe(7)
    expect(valueOf(families, 'pulih_commit_duration_seconds_count', { outcome: 'written' })).toBe(7)
    expect(valueOf(families, 'pulih_commands_waiting')).toBe(0)
    expect(valueOf(families, 'pulih_commands_in_commit')).toBe(0)
    expect(valueOf(families, 'pulih_tickets_open', { standing: 'waitingOnUs' })).toBe(1)
    const events = { http_request_method: 'POST', http_route: '/v1/tickets/{id}/events' }
    const requests = 'http_server_request_duration_seconds_count'
    expect(valueOf(families, requests, { ...events, http_response_status_code: '200' })).toBe(6)
    expect(valueOf(families, requests, { ...events, http_response_status_code: '409' })).toBe(1)
    expect(valueOf(families, 'pulih_http_problems_total', { code: 'UNAUTHENTICATED' })).toBe(1)
  })

  it('counts a lost race and what the constraint refused', async () => {
    world = await Watched.open()
    const id = await world.file()
    for (const channel of ['email', 'phone']) await world.send(id, 'portal', 'contact.prove', { channel })
    const row = (await world.store.findTicket(id))!
    // Another process writes between the engine's reading and its commit.
    const { store } = world
    const commit = store.commit.bind(store)
    store.commit = async (changes) => {
      store.commit = commit
      await commit([{ ...changes[0]!, log: [], timersAdded: [], timersClosed: [], outbox: [], idempotency: null }])
      return commit(changes)
    }
    expect((await world.send(id, 'agent', 'verification.start')).status).not.toBe(200)
    expect((await world.store.findTicket(id))!.revision).toBe(row.revision + 1)
    expect(valueOf(await read(), 'pulih_commit_races_total', { reason: 'stale' })).toBe(1)
  })

  it('counts a breach once, whoever finds it and however often, and says how late the timer was', async () => {
    world = await Watched.open()
    const id = await world.file()
    const workers = world.startWorkers()
    for (const channel of ['email', 'phone']) await world.send(id, 'portal', 'contact.prove', { channel })
    // Its gate opens at once: an alarm that rang only after the clock was set would find the breach too.
    await expect.poll(async () => (await world.store.findTicket(id))!.releasedAt).not.toBeNull()
    world.clock.set((await dueOf(id)) + HALF)
    await workers.sweepOnce({ timerGraceMs: 0 })
    await workers.sweepOnce({ timerGraceMs: 0 })
    const families = await read()
    expect(valueOf(families, 'pulih_sla_breaches_total', RESOLUTION)).toBe(1)
    expect(valueOf(families, 'pulih_sla_warnings_total', RESOLUTION)).toBeGreaterThanOrEqual(1)
    expect(valueOf(families, 'pulih_sla_settled_total', { ...RESOLUTION, outcome: 'met' })).toBeUndefined()
    const late = { family: 'sla', alarm: 'sweeper' }
    const count = valueOf(families, 'pulih_timer_lateness_seconds_count', late)!
    expect(count).toBeGreaterThanOrEqual(2)
    // The breach itself was half an hour late, the warnings before it later still.
    expect(valueOf(families, 'pulih_timer_lateness_seconds_sum', late)).toBeGreaterThanOrEqual(1_800 * count)
    expect(valueOf(families, 'pulih_timer_lateness_seconds_bucket', { ...late, le: '300' })).toBe(0)
    const fired = (await world.store.timersOf(id)).filter(
      ({ family, state }) => /^sla:/.test(family) && state === 'fired',
    )
    expect(count).toBe(fired.length)
    expect(await world.verify()).toEqual([])
  })

  it('tells apart the queue that rang and a command that settled what was due before it', async () => {
    world = await Watched.open()
    const byQueue = await world.onHold()
    const held = (await world.store.timersOf(byQueue)).find(
      ({ family, state }) => family === 'hold' && state === 'pending',
    )!
    const settled = await world.file()
    for (const channel of ['email', 'phone']) await world.send(settled, 'portal', 'contact.prove', { channel })
    world.clock.set(held.dueAt - 400)
    world.startWorkers()
    await expect.poll(async () => (await world.store.findTicket(byQueue))!.state).not.toBe('onHold')
    world.clock.set((await dueOf(settled)) + HOUR)
    expect((await world.send(settled, 'agent', 'verification.start')).status).toBe(200)
    const families = await read()
    const lateness = 'pulih_timer_lateness_seconds'
    expect(valueOf(families, `${lateness}_count`, { family: 'hold', alarm: 'queue' })).toBe(1)
    expect(valueOf(families, `${lateness}_sum`, { family: 'hold', alarm: 'queue' })).toBeLessThan(10)
    expect(valueOf(families, `${lateness}_count`, { family: 'sla', alarm: 'command' })).toBeGreaterThanOrEqual(1)
  })

  it('counts an objection against a change that is held back', async () => {
    world = await Watched.open()
    const id = await world.onHold()
    expect(valueOf(await read(), 'pulih_hold_objections_total', { type: 'pengaduan' })).toBe(0)
    expect((await world.send(id, 'participant', 'objection.raise')).status).toBe(200)
    expect(valueOf(await read(), 'pulih_hold_objections_total', { type: 'pengaduan' })).toBe(1)
  })

  it('shows how far the outbox, the queues and the timers are behind, and deliveries as they go', async () => {
    world = await Watched.open()
    const id = await world.file()
    world.clock.set(world.clock.now() + 10 * 60_000)
    const before = await read()
    const rows = (await world.store.outboxOf(id)).length
    expect(valueOf(before, 'pulih_outbox_rows', { stage: 'relay' })).toBe(rows)
    expect(valueOf(before, 'pulih_outbox_lag_seconds', { stage: 'relay' })).toBeGreaterThanOrEqual(600)
    expect(valueOf(before, 'pulih_outbox_lag_seconds', { stage: 'delivery' })).toBeGreaterThanOrEqual(600)
    expect(valueOf(before, 'pulih_timers_overdue')).toBe(0)
    world.clock.set((await dueOf(id)) + HOUR)
    await expect
      .poll(async () => valueOf(await read(), 'pulih_queue_age_seconds', { queue: 'sla-timers' }), { interval: 300 })
      .toBeGreaterThanOrEqual(3_600)
    world.startWorkers()
    await expect.poll(async () => (await world.store.undeliveredOutbox(world.clock.now() + 1, 9)).length).toBe(0)
    await expect
      .poll(async () => valueOf(await read(), 'pulih_outbox_rows', { stage: 'delivery' }), { interval: 300 })
      .toBe(0)
    const after = await read()
    expect(valueOf(after, 'pulih_outbox_relayed_total')).toBe((await world.store.outboxOf(id)).length)
    expect(valueOf(after, 'pulih_outbox_deliveries_total', { kind: 'message', outcome: 'delivered' })).toBeGreaterThan(
      0,
    )
    expect(valueOf(after, 'pulih_outbox_delivery_seconds_count', { kind: 'message' })).toBeGreaterThan(0)
    for (const queue of ['sla-timers', 'verification', 'notifications', 'maintenance']) {
      expect(valueOf(after, 'pulih_queue_up', { queue })).toBe(1)
      expect(valueOf(after, 'pulih_queue_jobs', { queue, state: 'delayed' })).toBeGreaterThanOrEqual(0)
    }
  })

  it('tells how long the audit chain is, what it does not seal yet, and who opened too much by kind', async () => {
    world = await Watched.open()
    expect(valueOf(await read(), 'pulih_audit_alerts_total', { kind: 'reveals' })).toBe(0)
    await world.file()
    world.clock.set(world.clock.now() + 90_000)
    const lag = async () => valueOf(await read(), 'pulih_audit_seal_lag_seconds')
    await expect.poll(lag, { timeout: 45_000, interval: 300 }).toBeGreaterThanOrEqual(90)
    expect(valueOf(await read(), 'pulih_audit_entries')).toBe(0)
    expect(await world.deps.services.audit.seal()).toBeGreaterThan(0)
    await expect.poll(lag, { timeout: 45_000, interval: 300 }).toBe(0)
    expect(valueOf(await read(), 'pulih_audit_entries')).toBe(1)
  })

  it('counts tries that fail and those given up, and the open dead letter', async () => {
    world = await Watched.open({ sinkUrl: 'http://127.0.0.1:9/', workers: { deliveryAttempts: 2 } })
    world.startWorkers()
    const id = await world.file()
    const rows = (await world.store.outboxOf(id)).length
    await expect.poll(async () => (await world.store.listDeadLetters(9)).length, { timeout: 45_000 }).toBe(rows)
    await expect.poll(async () => valueOf(await read(), 'pulih_dead_letters_open'), { interval: 300 }).toBe(rows)
    const outcome = async (name: string) =>
      valueOf(await read(), 'pulih_outbox_deliveries_total', { kind: 'message', outcome: name })
    expect(await outcome('failed')).toBe(rows)
    expect(await outcome('givenUp')).toBe(rows)
  })

  it('does not wait for a queue that hangs or is gone, nor for a database that is closed', async () => {
    world = await Watched.open()
    const timed = async () => {
      const startedAt = performance.now()
      const families = await read()
      expect(performance.now() - startedAt).toBeLessThan(20_000)
      return families
    }
    await timed()
    if (world.redis !== null) {
      process.kill(world.redis.pid, 'SIGSTOP')
      await expect.poll(async () => valueOf(await timed(), 'pulih_queue_up', { queue: 'sla-timers' })).toBe(0)
      process.kill(world.redis.pid, 'SIGCONT')
      await expect
        .poll(async () => valueOf(await timed(), 'pulih_queue_up', { queue: 'sla-timers' }), { timeout: 45_000 })
        .toBe(1)
      await world.redis.kill()
    } else await world.queues.close()
    await expect
      .poll(async () => valueOf(await timed(), 'pulih_queue_up', { queue: 'notifications' }), { timeout: 45_000 })
      .toBe(0)
    const down = await timed()
    expect(valueOf(down, 'pulih_queue_jobs', { queue: 'notifications' })).toBeUndefined()
    expect(valueOf(down, 'pulih_store_up')).toBe(1)
    await world.store.close()
    world.store.close = () => Promise.resolve()
    await expect.poll(async () => valueOf(await timed(), 'pulih_store_up'), { timeout: 45_000 }).toBe(0)
    const families = await timed()
    expect(valueOf(families, 'pulih_outbox_lag_seconds')).toBeUndefined()
    expect(valueOf(families, 'pulih_timers_overdue')).toBeUndefined()
  })

  it('quotes nothing of what was sent and names no ticket', async () => {
    world = await Watched.open()
    const id = await world.onHold()
    const canary = 'canary-3174012345678901'
    const headers = {
      'user-agent': canary,
      'x-request-id': canary,
      'idempotency-key': `"${canary}"`,
      traceparent: canary,
      tracestate: `a=${canary}`,
      baggage: `nik=${canary}`,
    }
    const filing = { type: canary, route: canary, cause: canary, participantRef: canary, [canary]: canary }
    await world.request('POST', '/v1/tickets', { body: filing, headers })
    await world.request('POST', '/v1/tickets', { body: { ...filing, type: 'pengaduan' }, headers })
    await world.request('POST', `/v1/tickets/${id}/events`, { body: { type: canary }, headers })
    await world.send(id, 'agent', 'reject', { code: canary }, { 'x-request-id': canary })
    for (const path of [`/v1/tickets/${canary}`, `/${canary}`, `/v1/tickets?participantRef=${canary}`])
      await world.request('GET', path, { headers, as: 'agent' })
    await world.request('PROPFIND', `/${canary}`, { headers })
    const { text } = await world.scrape()
    readExposition(text)
    expect(text.toLowerCase()).not.toContain('canary')
    expect(text).not.toContain('3174012345678901')
    expect(text).not.toContain(id)
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/)
    expect(text).not.toContain((await world.store.findTicket(id))!.ticketNumber)
    expect(text).not.toContain('ref_abcdef1')
    // The requests above did leave their mark.
    for (const http_request_method of ['GET', '_OTHER']) {
      const unknown = { http_request_method, http_route: '', http_response_status_code: '404' }
      expect(valueOf(readExposition(text), 'http_server_request_duration_seconds_count', unknown)).toBe(1)
    }
  })
})

describe('who may scrape', () => {
  const TOKEN = 'scrape-me-0123456789'
  const tokenSha256 = createHash('sha256').update(TOKEN).digest()

  it('without a token: whoever sits on this machine, and nobody whom a proxy brings', async () => {
    world = await Watched.open()
    expect((await world.scrape()).status).toBe(200)
    for (const name of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'])
      expect((await world.request('GET', '/metrics', { headers: { [name]: '127.0.0.1' } })).status, name).toBe(404)
    expect((await world.request('POST', '/metrics', { as: '' })).status).toBe(405)
    expect((await world.request('GET', '/metrics/x', { as: '' })).status).toBe(404)
  })

  it('a peer that has no loopback address finds no such page, whatever it says it is', async () => {
    world = await Watched.open()
    const folder = await mkdtemp(join(tmpdir(), 'pulih-socket-'))
    const socketPath = join(folder, 'api')
    const server = createServer(createApi(world.deps)).listen(socketPath)
    await once(server, 'listening')
    const asked = request({
      socketPath,
      path: '/metrics',
      headers: { host: '127.0.0.1', 'x-forwarded-for': '127.0.0.1' },
    })
    const bare = request({ socketPath, path: '/metrics', headers: { host: 'localhost' } })
    const answers = Promise.all([once(asked, 'response'), once(bare, 'response')])
    asked.end()
    bare.end()
    for (const [first] of await answers) {
      const response = first as IncomingMessage
      expect(response.statusCode).toBe(404)
      response.resume()
    }
    server.closeAllConnections()
    server.close()
    await rm(folder, { recursive: true })
  })

  it('behind a proxy loopback means nothing', async () => {
    world = await Watched.open({ trustProxyHops: 1 })
    expect((await world.scrape()).status).toBe(404)
  })

  it('with a token: who brings it, from this machine too', async () => {
    world = await Watched.open({ metrics: { access: 'token', tokenSha256, port: null }, trustProxyHops: 1 })
    const withToken = (token: string) =>
      world.request('GET', '/metrics', { as: '', headers: { authorization: `Bearer ${token}` } })
    expect((await world.scrape()).status).toBe(401)
    expect((await withToken('scrape-me-012345678')).status).toBe(401)
    // A token of the API opens nothing here.
    expect((await world.request('GET', '/metrics', { as: 'supervisor' })).status).toBe(401)
    expect((await withToken(TOKEN)).status).toBe(200)
  })

  it('nobody when it is off', async () => {
    world = await Watched.open({ metrics: { access: 'off', tokenSha256: null, port: null } })
    expect((await world.scrape()).status).toBe(404)
  })

  it('a process without the API serves it beside its probes', async () => {
    world = await Watched.open()
    const probes = await startProbes(world.deps, { host: '127.0.0.1', port: 0 })
    const get = async (path: string) => {
      const response = await fetch(`http://127.0.0.1:${probes.port}${path}`)
      return { status: response.status, text: await response.text() }
    }
    expect((await get('/livez')).status).toBe(200)
    expect((await get('/readyz')).status).toBe(200)
    expect(valueOf(readExposition((await get('/metrics')).text), 'pulih_store_up')).toBe(1)
    expect((await get('/v1/tickets')).status).toBe(404)
    expect((await get('/openapi.json')).status).toBe(404)
    world.deps.health.beginStop()
    expect((await get('/readyz')).status).toBe(503)
    await probes.stop(0)
  })
})
