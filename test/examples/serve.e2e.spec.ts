import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore } from '../../db/index.js'
import { seedReference } from '../../db/seeds/index.js'
import { createEngine, createIds, loadTicketTypes, systemClock } from '../../src/engine/index.js'
import { pulih, Server } from '../drills/server.js'
import { Caller, type Json } from '../e2e/http.js'
import { freePort, hasRedis, startRedis, type RunningServer } from '../support/servers.js'

const SOON = { timeout: 90_000, interval: 50 }
const document = { kind: 'KTP', ref: 'dok_berkas-ktp', sha256: 'a'.repeat(64) }
const filing = { route: 'layanan_digital', field: 'NAMA', participantRef: 'ps_contoh-e2e', documents: [document] }

/** A type as a user brings it: one JavaScript file outside the program, here the example under another name and with short promises. */
const hasty = (module: string) => `import { ticketType } from ${JSON.stringify(module)}
const [policy] = ticketType.policies
const wall = (amount) => ({ unit: 'wallMinutes', amount })
const decision = { counting: 'deemed', within: wall(1), warnings: [3], ladder: [{ level: 1, after: wall(1), audience: 'supervisor' }] }
const routes = { layanan_digital: { targets: { decision } }, kantor_cabang: { targets: { decision } } }
export default { ...ticketType, type: 'koreksi_cepat', policies: [{ ...policy, id: 'koreksi-cepat', ticketType: 'koreksi_cepat', routes }] }
`

describe('a ticket type of the user, in a real server', () => {
  let folder: string
  let dataDir: string
  let env: Record<string, string>
  let redis: RunningServer | null = null
  let server: Server
  let caller: Caller
  let early: string
  let filed: string

  const start = async (types: string) => {
    server = new Server({ dataDir, port: await freePort(), env: { ...env, PULIH_TICKET_TYPES: types } })
    caller = new Caller(server.url)
    await server.ready()
  }
  const factsOf = async (id: string) => {
    const { items } = (await caller.get(`/v1/tickets/${id}/history?limit=100`)).body as { items: Json[] }
    return items
  }
  const both = () => `${resolve('dist/examples/koreksi-data.js')}, ${join(folder, 'hasty.mjs')}`

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pulih-types-'))
    dataDir = join(folder, 'data')
    await writeFile(join(folder, 'hasty.mjs'), hasty(resolve('dist/examples/koreksi-data.js')))
    redis = hasRedis ? await startRedis() : null
    env = redis === null ? {} : { QUEUE_URL: redis.url }
    early = await filedBefore(52_000)
    await start(both())
  })
  afterAll(async () => {
    await server.kill()
    await redis?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  /** A ticket that was filed some time before the server starts, so that nobody has to wait for its due date. */
  async function filedBefore(ms: number): Promise<string> {
    const types = await loadTicketTypes(undefined, [join(folder, 'hasty.mjs')])
    const store = await openStore({ dataDir, clock: systemClock })
    await seedReference(store, systemClock.now(), types)
    const ids = createIds(systemClock, (bytes) => crypto.getRandomValues(bytes))
    const engine = await createEngine({ store, types, clock: systemClock, ids })
    const command = { type: 'koreksi_cepat', filing, actor: { id: 'drill-portal', role: 'portal' } as const }
    const { ticketId } = await engine.file({
      ...command,
      key: null,
      fingerprint: null,
      at: systemClock.now() - ms,
    })
    await engine.stop()
    await store.close()
    return ticketId
  }

  it('is described: its schemas, its events and its policy', async () => {
    const { items } = (await caller.get('/v1/types')).body as { items: Json[] }
    expect(items.map((it) => it['type'])).toEqual(['akun_ganda', 'pengaduan', 'koreksi_data', 'koreksi_cepat'])
    const type = (await caller.get('/v1/types/koreksi_data')).body as { events: Json[]; filing: Json }
    expect(type.events.map((it) => it['type'])).toContain('documents.request')
    const openapi = JSON.stringify((await caller.get('/openapi.json', null)).body)
    for (const word of ['koreksi_data', 'AKTA_LAHIR', 'DATA_SUDAH_BENAR']) expect(openapi).toContain(word)
    expect((await caller.get('/v1/policies/koreksi-data')).body).toMatchObject({
      ticketType: 'koreksi_data',
      version: 1,
    })
  })

  it('takes filings by its own schema and refuses others in both languages', async () => {
    const wrong = await caller.post('/v1/tickets', 'portal', { type: 'koreksi_data', ...filing, field: 'ALAMAT' })
    expect(wrong).toMatchObject({ status: 422, body: { code: 'VALIDATION_FAILED' } })
    const good = await caller.post('/v1/tickets', 'portal', { type: 'koreksi_data', ...filing })
    expect(good).toMatchObject({ status: 202, body: { type: 'koreksi_data', state: 'underReview' } })
    expect(good.body['promises']).toMatchObject([{ target: 'decision', label: { id: 'Keputusan koreksi' } }])
    const id = String(good.body['ticketId'])
    const early = await caller.send(id, 'portal', 'reopen')
    expect(early.body).toMatchObject({ code: 'EVENT_NOT_ALLOWED' })
    expect(await caller.send(id, 'portal', 'contact.prove', { channel: 'email' })).toMatchObject({
      status: 422,
      body: { code: 'EVENT_UNKNOWN' },
    })
    const asked = { documents: [{ kind: 'AKTA_LAHIR', reason: 'BELUM_LENGKAP' }] }
    expect((await caller.send(id, 'agent', 'documents.request', asked)).body['state']).toBe('documentsRequested')
    const { clocks } = (await caller.get(`/v1/tickets/${id}/clocks`)).body as { clocks: Json[] }
    expect(JSON.stringify(clocks)).toContain('documentsRequested')
    const { allowed } = (await caller.get(`/v1/tickets/${id}`, 'portal')).body as { allowed: Json[] }
    expect(allowed.map((it) => it['type'])).toEqual(['documents.upload', 'withdraw'])
    const brought = { documents: [{ ...document, kind: 'AKTA_LAHIR' }] }
    expect((await caller.send(id, 'portal', 'documents.upload', brought)).body['state']).toBe('underReview')
    expect((await caller.send(id, 'agent', 'approve')).body['state']).toBe('applying')
    await expect.poll(async () => (await caller.get(`/v1/tickets/${id}`)).body['state'], SOON).toBe('corrected')
    await expect
      .poll(async () => JSON.stringify((await caller.get('/mailbox', null)).body), SOON)
      .toContain('data.corrected')
  })

  it('is late through the queue: due at its instant, and first on the worklist', async () => {
    const hurried = await caller.post('/v1/tickets', 'portal', { type: 'koreksi_cepat', ...filing })
    filed = String(hurried.body['ticketId'])
    const worklist = await caller.get('/v1/tickets?type=koreksi_cepat&order=due')
    expect((worklist.body['items'] as Json[]).map((it) => it['ticketId'])).toEqual([early, filed])
    // The row is committed before the sweeper's grace of five seconds is over: the alarm rang, not the sweeper.
    for (const [id, fact] of [
      [filed, 'SlaWarned'],
      [early, 'SlaBreached'],
    ] as const) {
      await expect.poll(async () => (await factsOf(id)).map((it) => it['fact']), SOON).toContain(fact)
      const entry = (await factsOf(id)).find((it) => it['fact'] === fact)
      const late = Date.parse(String(entry?.['recordedAt'])) - Date.parse(String(entry?.['at']))
      expect(late, fact).toBeLessThan(4_000)
    }
    const { clocks } = (await caller.get(`/v1/tickets/${early}/clocks`)).body as { clocks: Json[] }
    expect(clocks).toMatchObject([{ target: 'decision', outcome: 'breached' }])
  })

  it('whose file is gone leaves the service standing; its tickets wait', async () => {
    await server.stop()
    await start('')
    const list = await caller.get('/v1/tickets?limit=100')
    expect(list.status).toBe(200)
    expect((list.body['items'] as Json[]).map((it) => it['type'])).toContain('koreksi_cepat')
    const one = await caller.get(`/v1/tickets/${filed}`)
    expect(one).toMatchObject({ status: 503, body: { code: 'TICKET_TYPE_MISSING' } })
    expect((await caller.file('layanan_digital')).length).toBeGreaterThan(30)
    const clocks = async () => (await caller.get('/readyz', null)).body['status']
    await expect.poll(clocks, SOON).toBe('ready')
    await server.stop()
    const verified = await pulih(['verify', '--data', dataDir])
    expect(verified.out).toContain('The ticket type koreksi_cepat is not loaded here')
    expect(verified.code).toBe(1)
  })

  it('and goes on where it is loaded again; verify tells every ticket from its log', async () => {
    await start(both())
    const state = async () => (await caller.get(`/v1/tickets/${filed}`)).body['state']
    expect(await state()).toBe('underReview')
    expect((await caller.send(filed, 'agent', 'reject', { code: 'DOKUMEN_TIDAK_SAH' })).status).toBe(200)
    await server.stop()
    const verified = await pulih(['verify', '--data', dataDir], { PULIH_TICKET_TYPES: both() })
    expect(verified.out).toContain(': 0 problems')
  })
})
