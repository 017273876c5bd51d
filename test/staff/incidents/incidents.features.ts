import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newKey, pluck } from '../../api/harness.js'
import { requestWith } from '../../intake/people.js'
import { createIncidents } from '../../../src/staff/incidents/index.js'
import { DecidingWorld, HOUR } from '../deciding/world.js'

/** What declaring, announcing and ending an outage promise on every database. */
export function incidentFeatures(name: string, databaseUrl: () => Promise<string | undefined>): void {
  describe(`incidents on ${name}`, () => {
    let world: DecidingWorld
    beforeEach(async () => {
      world = await DecidingWorld.open(await databaseUrl())
    })
    afterEach(() => world.close())

    const order = () => {
      const now = world.api.clock.now()
      const [from, until] = [new Date(now - HOUR).toISOString(), new Date(now + HOUR).toISOString()]
      return { cause: 'GANGGUAN_SISTEM', title: 'KODE_TERLAMBAT', from, until }
    }
    const declared = async (): Promise<string> => {
      const answer = await world.post('/v1/incidents', order(), 'supervisor')
      expect(answer.status, answer.text).toBe(201)
      return String(answer.body.incidentId)
    }
    const act = (id: string, verb: 'announce' | 'end') => world.post(`/v1/incidents/${id}/${verb}`, {}, 'supervisor')
    const open = async () =>
      (await world.api.get('/v1/incidents', null)).body.items as readonly {
        readonly text: Record<'id' | 'en', string>
      }[]
    const audited = async () =>
      (await world.api.store.audit.entries(0, 500)).map((it) => it.action).filter((it) => it.startsWith('incident.'))
    const linkAll = async (id: string) => {
      const selection = { filter: { type: 'pengaduan' } }
      const job = { action: 'incident.link', payload: { incidentId: id }, selection }
      const started = await world.post('/v1/bulk', job, 'supervisor')
      expect(started.status, started.text).toBe(202)
      await world.api.deps.services.bulk.run(new AbortController().signal)
      return (await world.api.get(`/v1/bulk/${started.body.id}`, 'supervisor')).body as Record<string, unknown>
    }

    it('is nobody’s to read before it is announced, stands in status and new filings then, and is gone when it ends', async () => {
      const { token } = await world.submitted()
      const id = await declared()
      expect(await open()).toEqual([])
      expect((await act(id, 'announce')).status).toBe(200)
      const shown = (await open())[0]!
      expect(shown.text.id).toContain('Gangguan sistem di pihak kami: Kode lewat email atau SMS datang terlambat.')
      expect(shown.text.en).toContain('It should be over by')
      expect((await world.status(token)).advice).toContainEqual({ code: 'GANGGUAN_SISTEM', text: shown.text })
      expect((await act(id, 'end')).body).toMatchObject({ endedBy: 'supervisor-1', tickets: 0, clocks: 'run' })
      expect(await open()).toEqual([])
      expect((await world.status(token)).advice).toEqual([])
      expect(await audited()).toEqual(['incident.declare', 'incident.announce', 'incident.end'])
    })

    it('tells the answer of a filing while it lasts', async () => {
      await act(await declared(), 'announce')
      const headers = { 'idempotency-key': newKey() }
      const { identity } = world.somebody()
      const body = requestWith({ identity, contacts: world.contacts() })
      const filed = await world.api.request('POST', '/v1/pengaduan', { as: null, body, headers })
      expect(filed.status, filed.text).toBe(202)
      expect(pluck(filed.body.notices, 'code')).toContain('GANGGUAN_SISTEM')
    })

    it('links tickets in bulk by filter, moves no promise, and tells each proven contact once when it ends', async () => {
      const [one, two] = [await world.submitted(), await world.submitted()]
      const dues = async () =>
        Promise.all([one, two].map(async (it) => (await world.api.store.findTicket(it.ticketId))?.nextDueAt))
      const before = await dues()
      const id = await declared()
      expect(await linkAll(id)).toMatchObject({ done: 2, refused: 0, skipped: 0 })
      expect(await linkAll(id)).toMatchObject({ done: 2 })
      world.api.clock.advance(HOUR)
      expect((await act(id, 'end')).body.tickets).toBe(2)
      await act(id, 'end')
      await world.tasks.runDue()
      const all = (await world.api.deps.services.messages.mailbox?.list(200)) ?? []
      const told = all.filter((it) => it.template === 'incident.ended')
      expect(told.map((it) => it.ticketId).toSorted()).toEqual([one.ticketId, two.ticketId].toSorted())
      expect(told.map((it) => it.to).toSorted()).toEqual([one.contacts.email, two.contacts.email].toSorted())
      expect(await dues()).toEqual(before)
      expect(await audited()).toEqual(['incident.declare', 'incident.end'])
    })

    it('is not declared, announced or ended while the audit cannot take it', async () => {
      const { store, clock, ids, services } = world.api.deps
      const mute = createIncidents({
        ...{ store: store.work.incidents, clock, ids, tasks: services.tasks, messenger: services.messages.messenger },
        audit: { record: () => Promise.reject(new Error('the chain is full')) },
      })
      const id = await declared()
      const by = { id: 'supervisor-1', role: 'supervisor' } as const
      const another = { cause: 'GANGGUAN_SISTEM', title: 'SEMUA_LAYANAN', fromAt: 1, untilAt: null } as const
      const refused = [
        mute.declare({ ...another, key: 'k', fingerprint: 'f' }, by),
        mute.announce(id, by),
        mute.end(id, by),
      ]
      for (const it of await Promise.allSettled(refused)) expect(it.status).toBe('rejected')
      expect(await services.incidents.list()).toMatchObject([{ row: { id, announcedAt: null, endedAt: null } }])
      await act(id, 'announce')
      await act(id, 'end')
      expect(await audited()).toEqual(['incident.declare', 'incident.announce', 'incident.end'])
    })

    it('is declared once per key, and ends for good', async () => {
      const headers = { 'idempotency-key': '"outage-of-this-morning"' }
      const body = order()
      const first = await world.post('/v1/incidents', body, 'supervisor', headers)
      const again = await world.post('/v1/incidents', body, 'supervisor', headers)
      expect(again.body.incidentId).toBe(first.body.incidentId)
      expect(again.headers.get('idempotent-replayed')).toBe('true')
      const other = await world.post('/v1/incidents', { ...body, title: 'SEMUA_LAYANAN' }, 'supervisor', headers)
      expect(other.body.code).toBe('IDEMPOTENCY_KEY_REUSED')
      const id = String(first.body.incidentId)
      await act(id, 'end')
      expect((await act(id, 'announce')).body.code).toBe('INCIDENT_OVER')
      await world.submitted()
      expect(await linkAll(id)).toMatchObject({ done: 0, refused: 1 })
    })

    it('takes no word that somebody typed, no end before its beginning, and nobody but a supervisor', async () => {
      const wrongs = [
        { ...order(), title: 'BANJIR' },
        { ...order(), until: order().from },
        { ...order(), text: 'Halo' },
      ]
      for (const wrong of wrongs) expect((await world.post('/v1/incidents', wrong, 'supervisor')).status).toBe(422)
      for (const person of ['agent', 'checker', 'admin'] as const)
        expect((await world.post('/v1/incidents', order(), person)).body.code).toBe('ROLE_NOT_ALLOWED')
      expect((await act('00000000-0000-7000-8000-000000000000', 'end')).body.code).toBe('NOT_FOUND')
    })
  })
}
