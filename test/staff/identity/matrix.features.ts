import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Route } from '../../../src/api/index.js'
import { STAFF_ROLES, type StaffRole } from '../../../src/staff/principal.js'
import { actorIdOf, newKey, pluck, startHarness, type Harness } from '../../api/harness.js'
import { officer, type Desk } from './desk.js'

const TICKET = '/v1/tickets/:id'
const NOBODY = '01900000-0000-7000-8000-000000000000'
const keyOf = (it: Route): string => `${it.method} ${it.path}`

/**
 * Every route of the staff's that is not about one ticket in its address, and why no foreign ticket shows there. A new route needs a row here
 * (those under /v1/tickets/:id are covered by what they are).
 */
const ROWS: Readonly<Record<string, 'ownOffices' | 'reference' | 'ofNoTicket' | 'everyOffice'>> = {
  'get /v1/tickets': 'ownOffices',
  'post /v1/tickets': 'ofNoTicket',
  'get /v1/worklist': 'ownOffices',
  'post /v1/worklist/search': 'ownOffices',
  'post /v1/worklist/claim-next': 'ownOffices',
  'post /v1/worklist/windows': 'ofNoTicket',
  'get /v1/worklist/profiles/:staffId': 'ofNoTicket',
  'post /v1/worklist/profiles/:staffId': 'ofNoTicket',
  'get /v1/worklist/policy': 'reference',
  'post /v1/worklist/policy': 'everyOffice',
  'get /v1/offices': 'reference',
  'get /v1/people': 'ofNoTicket',
  'post /v1/bulk': 'ownOffices',
  'get /v1/bulk/:jobId': 'ownOffices',
  'post /v1/bulk/:jobId/cancel': 'ownOffices',
  'get /v1/bulk/:jobId/items': 'ownOffices',
  'get /v1/bulk/:jobId/verdicts.csv': 'ownOffices',
  'get /v1/reasons': 'reference',
  'get /v1/incidents/all': 'ofNoTicket',
  'post /v1/incidents': 'ofNoTicket',
  'post /v1/incidents/:incidentId/announce': 'ofNoTicket',
  'post /v1/incidents/:incidentId/end': 'ofNoTicket',
  'get /v1/reports': 'reference',
  'get /v1/reports/:name': 'ownOffices',
  'get /v1/reports/:name/csv': 'ownOffices',
  'get /v1/notices': 'ownOffices',
  'post /v1/notices/:noticeId/read': 'ownOffices',
  'post /v1/branch/tickets': 'ofNoTicket',
  'post /v1/drafts': 'ofNoTicket',
  'get /v1/audit': 'everyOffice',
  'get /v1/audit/alerts': 'everyOffice',
  'get /v1/audit/checkpoints': 'everyOffice',
  'get /v1/approval-reviews': 'ownOffices',
  'get /v1/approval-pairs': 'everyOffice',
  'get /v1/email-domains': 'reference',
  'post /v1/email-domains': 'everyOffice',
  'get /v1/calendars': 'reference',
  'get /v1/calendars/:id': 'reference',
  'get /v1/calendars/:id/year/:year': 'reference',
  'get /v1/calendars/:id/explain': 'reference',
  'get /v1/policies': 'reference',
  'get /v1/policies/:id': 'reference',
  'get /v1/types': 'reference',
  'get /v1/types/:type': 'reference',
  'get /v1/types/:type/drawing': 'reference',
  'get /v1/types/:type/workflow': 'ownOffices',
  'get /v1/live': 'ownOffices',
  'post /v1/calendar-changes': 'everyOffice',
  'post /v1/calendar-changes/preview': 'everyOffice',
  'get /v1/calendar-changes/:id': 'everyOffice',
  'get /v1/dead-letters': 'everyOffice',
  'post /v1/dead-letters/:id/replay': 'everyOffice',
  'get /v1/data-requests': 'everyOffice',
  'post /v1/data-requests': 'everyOffice',
  'post /v1/data-requests/:id/answer': 'everyOffice',
  'get /v1/staff': 'everyOffice',
  'post /v1/staff': 'everyOffice',
  'post /v1/staff/:id/reset': 'everyOffice',
  'post /v1/staff/:id/disable': 'everyOffice',
  'post /v1/staff/:id/enable': 'everyOffice',
  'post /v1/staff/:id/roles/grant': 'everyOffice',
  'post /v1/staff/:id/roles/revoke': 'everyOffice',
  'get /v1/service-keys': 'everyOffice',
  'post /v1/service-keys': 'everyOffice',
  'post /v1/service-keys/:id/revoke': 'everyOffice',
}

/** Every route by every role with foreign ids (A19), on either database. */
export function matrixFeatures(name: string, databaseUrl: () => Promise<string | undefined>): void {
  describe(`who may know of what, on ${name}`, () => {
    let api: Harness
    let ticketId = ''
    const branch = new Map<StaffRole, Desk>()
    beforeAll(async () => {
      const url = await databaseUrl()
      api = await startHarness(url === undefined ? {} : { databaseUrl: url })
      ticketId = await api.underVerification()
      for (const role of STAFF_ROLES) branch.set(role, await officer(api, [[role, 'cabang-jakarta']]))
    })
    afterAll(() => api.close())

    const ofStaff = () => api.routes.filter((it) => typeof it.access === 'object')
    const ask = (desk: Desk, it: Route, id: string) => {
      const path = it.path.replace(':id', id).replaceAll(/:\w+/g, NOBODY)
      const headers = { 'idempotency-key': newKey(), 'if-match': '"v1"' }
      return desk.send(it.method.toUpperCase(), path, it.method === 'get' ? undefined : {}, headers)
    }

    it('A19: every route of the staff is under a ticket, or has a row that says why none shows', () => {
      const bare = ofStaff().filter((it) => !it.path.startsWith(TICKET))
      expect(bare.map(keyOf).toSorted()).toEqual(Object.keys(ROWS).toSorted())
    })

    it('A19: a ticket of another office answers every role like none at all: 404, or 403 where the role has no business', async () => {
      const under = ofStaff().filter((it) => it.path.startsWith(TICKET))
      const logged = api.log.length
      expect(under.length).toBeGreaterThan(10)
      for (const it of under)
        for (const role of STAFF_ROLES) {
          const desk = branch.get(role)!
          const [foreign, none] = [await ask(desk, it, ticketId), await ask(desk, it, NOBODY)]
          const wanted = (it.access as readonly string[]).includes(role) ? 404 : 403
          expect([foreign.status, none.status], `${keyOf(it)} as ${role}: ${foreign.text}`).toEqual([wanted, wanted])
          expect(foreign.body.code, keyOf(it)).toBe(none.body.code)
        }
      // Each try is in the log with who and what.
      const tries = api.log.slice(logged).filter((line) => line.includes(ticketId) && line.includes('TICKET_NOT_FOUND'))
      for (const role of STAFF_ROLES) {
        const some = under.some((it) => (it.access as readonly string[]).includes(role))
        expect(
          tries.some((line) => line.includes(branch.get(role)!.staffId)),
          role,
        ).toBe(some)
      }
    }, 120_000)

    it('A19: a role that a route does not take is refused on every other route as well', async () => {
      for (const it of ofStaff().filter((it) => !it.path.startsWith(TICKET)))
        for (const role of STAFF_ROLES) {
          if ((it.access as readonly string[]).includes(role)) continue
          expect((await ask(branch.get(role)!, it, NOBODY)).status, `${keyOf(it)} as ${role}`).toBe(403)
        }
    }, 120_000)

    it('A19: what belongs to every office is taken from a role for every office only, and is marked so in the table', async () => {
      const marked = ofStaff().filter((it) => it.everyOffice === true)
      const said = Object.keys(ROWS).filter((it) => ROWS[it] === 'everyOffice')
      expect(marked.map(keyOf).toSorted()).toEqual(said.toSorted())
      for (const it of marked)
        for (const role of STAFF_ROLES) {
          const answer = await ask(branch.get(role)!, it, NOBODY)
          expect([answer.status, answer.body.code], `${keyOf(it)} as ${role}`).toEqual([403, 'ROLE_NOT_ALLOWED'])
        }
      const admin = await officer(api, [
        ['agent', 'cabang-jakarta'],
        ['admin', null],
      ])
      expect((await admin.get('/v1/dead-letters')).status).toBe(200)
    }, 60_000)

    it('A19: a foreign ticket in a body is answered like none: merges, bulk selections, the same with none at all', async () => {
      const supervisor = branch.get('supervisor')!
      const branchFiling = { route: 'kantor_cabang', officeId: 'cabang-jakarta', channel: 'walk_in' }
      const own = String((await api.file({ filing: branchFiling, as: 'agent' })).body.ticketId)
      const headers = () => ({ 'idempotency-key': newKey(), 'if-match': '"v1"' })
      const merge = (from: string) => supervisor.post(`/v1/tickets/${own}/merges`, { from, fromVersion: 1 }, headers())
      const [foreign, none] = [await merge(ticketId), await merge(NOBODY)]
      expect([foreign.status, foreign.body.code]).toEqual([404, 'TICKET_NOT_FOUND'])
      expect([none.status, none.body.code]).toEqual([404, 'TICKET_NOT_FOUND'])

      const payload = { documents: [{ kind: 'KTP', reason: 'BURAM' }] }
      const order = { action: 'documents.request', payload, selection: { ids: [ticketId, NOBODY, own] } }
      const started = await supervisor.post('/v1/bulk', order, headers())
      expect(started.status, started.text).toBe(202)
      const path = `/v1/bulk/${started.body.id}`
      const { items } = (await supervisor.get(`${path}/items`)).body
      const about = (id: string) => (items as { ticketId: string }[]).find((it) => it.ticketId === id)
      const refused = { verdict: 'refused', code: 'TICKET_NOT_FOUND', ticketNumber: '' }
      expect(about(ticketId)).toMatchObject(refused)
      expect(about(NOBODY)).toMatchObject(refused)
      expect(about(own)).toMatchObject({ verdict: 'pending' })
      const link = { ...order, action: 'incident.link', payload: { incidentId: NOBODY } }
      const linking = await supervisor.post('/v1/bulk', link, headers())
      expect(linking.status, linking.text).toBe(202)
      const linked = (await supervisor.get(`/v1/bulk/${linking.body.id}/items`)).body.items as { ticketId: string }[]
      for (const id of [ticketId, NOBODY]) expect(linked.find((it) => it.ticketId === id)).toMatchObject({ ...refused })
      const filter = { ...order, selection: { filter: { office: 'pusat' } } }
      expect((await supervisor.post('/v1/bulk', filter, headers())).body.code).toBe('VALIDATION_FAILED')

      const elsewhere = await officer(api, [['supervisor', 'pusat']])
      const auditor = branch.get('auditor')!
      for (const [desk, at] of [
        [elsewhere, path],
        [elsewhere, `${path}/items`],
        [elsewhere, `${path}/verdicts.csv`],
        [auditor, path],
        [auditor, `${path}/items`],
      ] as const)
        expect((await desk.get(at)).status, at).toBe(404)
      expect((await elsewhere.post(`${path}/cancel`, {})).status).toBe(404)
      expect((await supervisor.get(path)).body.state).toBe('running')
    })

    it('A19 R60: a ticket that was referred to a branch is known there from then on, and received there; elsewhere it stays unknown', async () => {
      const id = await api.underVerification()
      const { ticketNumber } = (await api.store.findTicket(id))!
      const [there, elsewhere] = [branch.get('agent')!, await officer(api, [['agent', 'cabang-makassar']])]
      const auditor = branch.get('auditor')!
      const seen = async (desk: Desk) => {
        const { body } = await desk.post('/v1/worklist/search', { by: 'ticketNumber', value: ticketNumber })
        return [(await desk.get(`/v1/tickets/${id}`)).status, (body.items as unknown[]).length]
      }
      const refer = async () => {
        const payload = { officeId: 'cabang-jakarta', reason: 'PERBEDAAN_IDENTITAS' }
        const answer = await api.send(id, 'branch.refer', { as: 'agent', payload })
        expect(answer.status, answer.text).toBe(200)
      }
      expect([await seen(there), await seen(elsewhere)]).toEqual([
        [404, 0],
        [404, 0],
      ])
      await refer()
      expect([await seen(there), await seen(elsewhere)]).toEqual([
        [200, 1],
        [404, 0],
      ])
      expect((await auditor.get(`/v1/tickets/${id}`)).status).toBe(200)
      expect((await there.get(`/v1/tickets/${id}/branch-summary`)).status).toBe(200)
      const cancelled = await api.send(id, 'branch.cancel', { as: 'agent', payload: { reason: 'LAINNYA' } })
      expect(cancelled.status, cancelled.text).toBe(200)
      expect(await seen(there)).toEqual([404, 0])
      await refer()
      const version = (await api.store.findTicket(id))?.contentVersion
      const headers = { 'idempotency-key': newKey(), 'if-match': `"v${version}"` }
      const arrived = await there.post(`/v1/tickets/${id}/events`, { type: 'branch.arrive' }, headers)
      expect(arrived.status, arrived.text).toBe(200)
      expect((await api.store.findTicket(id))?.officeId).toBe('cabang-jakarta')
    })

    it('A19: a ticket goes to nobody of another office, by assignment, transfer or bulk', async () => {
      const here = await officer(api, [['supervisor', 'pusat']])
      const stranger = branch.get('agent')!
      const answer = await here.post(
        `/v1/tickets/${ticketId}/assign`,
        { staffId: stranger.staffId, reason: 'BEBAN_KERJA' },
        { 'idempotency-key': newKey() },
      )
      expect(answer.body).toMatchObject({ code: 'NOT_CLAIMABLE', reasons: [{ code: 'OFFICE' }] })
      const none = await here.post(
        `/v1/tickets/${ticketId}/assign`,
        { staffId: NOBODY, reason: 'BEBAN_KERJA' },
        { 'idempotency-key': newKey() },
      )
      expect(none.body.reasons).toEqual(answer.body.reasons)
      const agent = await officer(api, [['agent', 'pusat']])
      const mine = { staffId: agent.staffId, reason: 'BEBAN_KERJA' }
      expect((await here.post(`/v1/tickets/${ticketId}/assign`, mine, { 'idempotency-key': newKey() })).status).toBe(
        200,
      )
      const theirs = { staffId: stranger.staffId, reason: 'BEBAN_KERJA' }
      const handed = await agent.post(`/v1/tickets/${ticketId}/transfer`, theirs, { 'idempotency-key': newKey() })
      expect(handed.body).toMatchObject({ code: 'NOT_CLAIMABLE', reasons: [{ code: 'OFFICE' }] })
      expect((await api.store.work.assignments.findAssignment(ticketId))?.agentId).toBe(agent.staffId)
      expect((await agent.post(`/v1/tickets/${ticketId}/release`, {})).status).toBe(200)
    })

    it('A19: the worklist, its search and its next claim hold no foreign ticket', async () => {
      const agent = branch.get('agent')!
      const ids = (answer: { body: { items: readonly { ticketId: string }[] } }) =>
        answer.body.items.map((it) => it.ticketId)
      for (const query of ['', '?office=pusat'])
        expect(ids(await agent.get(`/v1/worklist${query}`)), query).not.toContain(ticketId)
      const here = await officer(api, [['agent', 'pusat']])
      expect(ids(await here.get('/v1/worklist'))).toContain(ticketId)
      const claimed = await agent.post('/v1/worklist/claim-next', {}, { 'idempotency-key': newKey() })
      expect(claimed.body.assignment?.ticketId).not.toBe(ticketId)
      const review = await branch.get('supervisor')!.get('/v1/approval-reviews')
      expect(review.body.items).toEqual([])
      const windows = { officeId: 'pusat', minutes: 10, reason: 'LONJAKAN' }
      expect((await branch.get('supervisor')!.post('/v1/worklist/windows', windows)).body.code).toBe('ROLE_NOT_ALLOWED')
      const profile = { skills: ['*'], offices: ['pusat'], wipLimit: 3 }
      const set = await branch.get('supervisor')!.post(`/v1/worklist/profiles/${here.staffId}`, profile)
      expect(set.body.code).toBe('ROLE_NOT_ALLOWED')
    })

    it('A19: lists hold no foreign ticket, whatever is asked for', async () => {
      const agent = branch.get('agent')!
      const { ticketNumber } = (await api.get(`/v1/tickets/${ticketId}`)).body
      for (const query of ['', '?office=pusat', `?ticketNumber=${ticketNumber}`, '?order=due'])
        expect(pluck((await agent.get(`/v1/tickets${query}`)).body.items, 'ticketId'), query).not.toContain(ticketId)
      const here = await officer(api, [['agent', 'pusat']])
      expect((await here.get(`/v1/tickets?ticketNumber=${ticketNumber}`)).body.items).toHaveLength(1)
      expect((await here.get(`/v1/tickets/${ticketId}`)).status).toBe(200)
    })

    it('A19: a role held for another office is none here', async () => {
      const mixed = await officer(api, [
        ['agent', 'pusat'],
        ['supervisor', 'cabang-jakarta'],
      ])
      const { body } = await mixed.get(`/v1/tickets/${ticketId}`)
      const supervisor = await officer(api, [['supervisor', 'pusat']])
      const more = (await supervisor.get(`/v1/tickets/${ticketId}`)).body.allowed as unknown[]
      const agent = await officer(api, [['agent', 'pusat']])
      expect(body.allowed).toEqual((await agent.get(`/v1/tickets/${ticketId}`)).body.allowed)
      expect(body.allowed).not.toEqual(more)
    })

    it('A19: another participant’s token opens none of it', async () => {
      const filing = { participantRef: 'peserta_orang99' }
      const theirs = String((await api.file({ filing })).body.ticketId)
      expect(actorIdOf('participant')).not.toBe(filing.participantRef)
      for (const it of ofStaff().filter((it) => it.path.startsWith(TICKET))) {
        const taken = (it.access as readonly string[]).includes('participant')
        const path = it.path.replace(':id', theirs).replaceAll(/:\w+/g, NOBODY)
        const headers = { 'idempotency-key': newKey() }
        const body = it.method === 'get' ? undefined : {}
        const answer = await api.request(it.method.toUpperCase(), path, { as: 'participant', body, headers })
        expect(answer.status, keyOf(it)).toBe(taken ? 404 : 403)
      }
    })
  })
}
