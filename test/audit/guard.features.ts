import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openGuard } from '../../src/audit/index.js'
import { verifyAudit } from '../../src/audit/verify.js'
import { readLimits } from '../../src/intake/limits.js'
import { tokenPrincipal, type Principal } from '../../src/staff/principal.js'
import { HOUR, MINUTE, pluck } from '../api/harness.js'
import * as samples from '../documents/samples.js'
import { startDocuments, type DocumentWorld, type Filer } from '../documents/world.js'
import { filed, PERSON } from '../intake/people.js'
import { officer, type Desk } from '../staff/identity/desk.js'

const LIMITS = 'revealsPerHour=3,casesOpenedPerHour=6,unassignedOpenedPerHour=5,stepUpMinutes=10'

/** A problem without what differs from request to request. */
const bare = (bytes: Buffer): unknown => ({
  ...(JSON.parse(bytes.toString()) as object),
  instance: null,
  traceId: null,
  requestId: null,
})

/** What stands between the staff and personal data, over HTTP. */
export function guardContract(name: string, databaseUrl: () => Promise<string | undefined>): void {
  describe(name, () => {
    let world: DocumentWorld
    beforeAll(async () => {
      world = await startDocuments({}, await databaseUrl(), LIMITS)
    })
    afterAll(() => world.close())
    const entries = async (filter: object) =>
      (await world.api.store.audit.filtered(filter, { order: 'newest', before: null, limit: 200 })).toReversed()
    const reveal = (ticketId: string, as: 'agent' | 'checker' | 'supervisor' | 'auditor' = 'agent', fields = ['nik']) =>
      world.api.request('POST', `/v1/tickets/${ticketId}/person/reveal`, {
        as,
        body: { fields, reason: 'IDENTITY_CHECK' },
      })
    const quietHour = () => {
      world.api.clock.advance(2 * HOUR)
    }
    async function uploaded(): Promise<{ filer: Filer; path: string; documentId: string }> {
      const filer = await world.filer()
      const bytes = await samples.jpeg(1, 900, 600)
      const documentId = (await world.upload(filer, [{ bytes }])).body.documents[0]!.documentId
      return { filer, documentId, path: `/v1/tickets/${filer.ticketId}/documents/${documentId}/pages/1` }
    }

    it('A44 a person is masked; a reveal shows what was asked for, and is written down with who, what and why', async () => {
      quietHour()
      const { ticketId } = await filed(world.api)
      const seen = await world.api.get(`/v1/tickets/${ticketId}/person`, 'agent')
      expect(seen.text).not.toMatch(new RegExp(`${PERSON.identity.nik}|${PERSON.identity.name}|81234567890`))
      const shown = await reveal(ticketId, 'agent', ['nik', 'phone'])
      expect(shown.body.revealed).toEqual(['nik', 'phone'])
      expect(shown.body.identity).toMatchObject({ nik: PERSON.identity.nik, name: expect.stringContaining('***') })
      const rows = await entries({ ticketId })
      expect(rows.map((it) => [it.action, it.actorId, it.actorRole])).toEqual([
        ['person.open', 'agent-1', 'agent'],
        ['person.reveal', 'agent-1', 'agent'],
      ])
      expect(rows[1]?.detail).toEqual({ fields: ['nik', 'phone'], reason: 'IDENTITY_CHECK', assigned: false })
      expect(JSON.stringify(rows)).not.toContain(PERSON.identity.nik)
      expect(
        (
          await world.api.request('POST', `/v1/tickets/${ticketId}/person/reveal`, {
            as: 'agent',
            body: { fields: ['nik'], reason: 'penasaran' },
          })
        ).status,
      ).toBe(422)
    })

    it('R-AUD-1 what cannot be written down is not shown', async () => {
      quietHour()
      const { ticketId } = await filed(world.api)
      const { path } = await uploaded()
      const { store } = world.api
      const broken = store.audit as { extending: unknown }
      const { extending } = broken
      broken.extending = () => Promise.reject(new Error('the disk is full'))
      try {
        const answer = await reveal(ticketId)
        expect([answer.status, answer.body.code]).toEqual([503, 'AUDIT_UNAVAILABLE'])
        expect(answer.text).not.toContain(PERSON.identity.nik)
        expect((await world.get(path, 'agent')).status).toBe(503)
      } finally {
        broken.extending = extending
      }
      expect((await reveal(ticketId)).status).toBe(200)
    })

    it('A42 many reveals: a fresh code is demanded, the supervisor is told, everything is in the chain', async () => {
      quietHour()
      const { ticketId } = await filed(world.api)
      const answers = []
      for (let n = 0; n < 5; n++) answers.push((await reveal(ticketId, 'checker')).status)
      expect(answers).toEqual([200, 200, 200, 403, 403])
      const alerts = (await world.api.get('/v1/audit/alerts', 'supervisor')).body.items
      expect(alerts[0]).toMatchObject({
        actorId: 'checker-1',
        action: 'access.alert',
        detail: { kind: 'reveals', count: 3 },
      })
      expect(await entries({ action: 'access.alert', actorId: 'checker-1' })).toHaveLength(1)
      // It reaches people: supervisors of where it happened, and auditors; each reads it for themselves.
      const told = async (as: 'supervisor' | 'auditor' | 'agent') => {
        const { items, unread } = (await world.api.get('/v1/notices?unread=true', as)).body
        return {
          unread,
          items: (items as { id: string; staffId?: string }[]).filter((it) => it.staffId === 'checker-1'),
        }
      }
      const before = await told('supervisor')
      const notice = { kind: 'access', what: 'reveals', opened: 3, officeId: 'pusat', to: 'supervisor', readAt: null }
      expect(before.items).toEqual([expect.objectContaining(notice)])
      expect((await told('auditor')).items).toEqual([expect.objectContaining({ to: 'auditor', officeId: null })])
      expect(await told('agent')).toEqual({ unread: 0, items: [] })
      const read = (as: 'supervisor' | 'agent') =>
        world.api.request('POST', `/v1/notices/${before.items[0]!.id}/read`, { as, body: {} })
      expect([(await read('agent')).status, (await read('supervisor')).status]).toEqual([404, 204])
      expect(await told('supervisor')).toEqual({ unread: Number(before.unread) - 1, items: [] })
      expect((await told('auditor')).items).toHaveLength(1)
      const { notices } = world.api.deps.services
      const heardBy = async (role: 'supervisor' | 'auditor', officeId: string) =>
        (
          await notices.list(
            { ...tokenPrincipal({ id: 'lain-1', role }), grants: [{ role, officeId }] },
            false,
            100,
            null,
          )
        ).filter((it) => it.about === 'access').length
      expect(await heardBy('supervisor', 'pusat')).toBeGreaterThan(0)
      expect([await heardBy('supervisor', 'cabang-jakarta'), await heardBy('auditor', 'pusat')]).toEqual([0, 0])
      world.api.clock.advance(HOUR + MINUTE)
      expect((await reveal(ticketId, 'checker')).status).toBe(200)
    })

    it('A42 many at once get no further than many after another', async () => {
      quietHour()
      const { ticketId } = await filed(world.api)
      const answers = await Promise.all(Array.from({ length: 12 }, () => reveal(ticketId, 'supervisor')))
      expect(answers.filter((it) => it.status === 200)).toHaveLength(3)
    })

    it('A42 files that leave count as reveals, and side by side is as open as alone: the supervisor is told', async () => {
      quietHour()
      const { ticketId } = await filed(world.api)
      const { services } = world.api.deps
      // Nothing leaves before both contacts are proven; that it was asked for is written down and counted first.
      for (let n = 0; n < 5; n++)
        await expect(services.exportPerson(ticketId, join(tmpdir(), 'never'), 'operator-9')).rejects.toMatchObject({
          code: 'PROOF_REQUIRED',
        })
      const ofOperator = await entries({ actorId: 'operator-9' })
      expect(ofOperator.map((it) => it.action)).toEqual([
        ...Array.from({ length: 4 }, () => 'person.export'),
        'access.alert',
        'person.export',
      ])
      expect(ofOperator[4]?.detail).toEqual({ kind: 'reveals', count: 4 })
      const compare = (id: string) => world.api.get(`/v1/tickets/${id}/comparison`, 'supervisor')
      const cases = [ticketId]
      for (let n = 0; n < 5; n++) cases.push((await filed(world.api)).ticketId)
      const statuses = []
      for (const id of cases) statuses.push((await compare(id)).status)
      expect(statuses).toEqual([200, 200, 200, 200, 200, 403])
      const opened = await entries({ actorId: 'supervisor-1', action: 'person.open' })
      expect(opened.slice(-5).map((it) => it.detail['view'])).toEqual(Array.from({ length: 5 }, () => 'comparison'))
    })

    it('A42 R-PDP-7 somebody who opens case after case that is not theirs is stopped', async () => {
      quietHour()
      const cases = []
      for (let n = 0; n < 7; n++)
        cases.push((await filed(world.api, { contacts: { email: `orang${n}@surat.example.org` } })).ticketId)
      const look = (id: string) => world.api.get(`/v1/tickets/${id}/person`, 'agent')
      const statuses = []
      for (const id of cases) statuses.push((await look(id)).status)
      expect(statuses).toEqual([200, 200, 200, 200, 200, 403, 403])
      expect((await look(cases[0]!)).status).toBe(200)
      const [alert] = (await entries({ action: 'access.alert', actorId: 'agent-1' })).slice(-1)
      expect(alert?.detail).toEqual({ kind: 'unassigned', count: 5 })
    })

    it('A42 somebody who opens too many cases is stopped and told of, however they came by them', async () => {
      quietHour()
      const { store, clock, deps } = world.api
      const limits = { ...readLimits(LIMITS).limits, unassignedOpenedPerHour: 99 }
      const told: string[] = []
      const parts = { store, audit: deps.services.audit, clock, limits, onAlert: (kind: string) => told.push(kind) }
      const guard = openGuard(deps.services.vault, parts)
      const actor = { id: 'orang-2', role: 'agent' } as const
      const principal: Principal = { ...tokenPrincipal(actor), grants: [{ role: 'agent', officeId: 'cabang-jakarta' }] }
      const { ticketId } = await filed(world.api)
      const other = (n: number) => (n === 0 ? ticketId : `${ticketId.slice(0, -12)}${String(n).padStart(12, '0')}`)
      const open = (n: number) => guard.open({ actor, principal, action: 'person.open', ticketId: other(n) })
      for (let n = 0; n < 6; n++) await open(n)
      for (let n = 6; n < 8; n++) await expect(open(n)).rejects.toMatchObject({ code: 'STEP_UP_REQUIRED' })
      await open(0)
      expect(told).toEqual(['cases'])
      const hears = { ...tokenPrincipal({ id: 'lain-2', role: 'supervisor' }) }
      const grants = [{ role: 'supervisor', officeId: 'cabang-jakarta' }] as const
      const heard = await deps.services.notices.list({ ...hears, grants }, true, 9, null)
      expect(heard).toMatchObject([{ about: 'access', kind: 'cases', aboutId: 'orang-2', opened: 6 }])
    })

    it('A42 a fresh code begins the count anew, and opens what is not assigned; a stale one does not', async () => {
      quietHour()
      const { ticketId } = await filed(world.api)
      const { store, clock, deps } = world.api
      const { limits } = readLimits(LIMITS)
      const guard = openGuard(deps.services.vault, { store, audit: deps.services.audit, clock, limits })
      const open = (steppedUpAt: number | null) => {
        const principal: Principal = {
          id: 'orang-1',
          via: 'session',
          grants: [],
          scopes: null,
          sessionId: 'abcdef',
          steppedUpAt,
        }
        return guard.open({ actor: { id: 'orang-1', role: 'agent' }, principal, action: 'person.reveal', ticketId })
      }
      await expect(open(null)).rejects.toMatchObject({ code: 'STEP_UP_REQUIRED' })
      const first = clock.now()
      for (let n = 0; n < 3; n++) await open(first)
      await expect(open(first)).rejects.toMatchObject({ code: 'STEP_UP_REQUIRED' })
      clock.advance(MINUTE)
      await open(clock.now())
      clock.advance(11 * MINUTE)
      await expect(open(clock.now() - 11 * MINUTE)).rejects.toMatchObject({ code: 'STEP_UP_REQUIRED' })
    })

    it('A42 what somebody held is theirs until the lease ends, and not until somebody closes it (D26)', async () => {
      quietHour()
      const { store, clock, deps } = world.api
      const ticketId = String((await world.api.file()).body.ticketId)
      for (const channel of ['email', 'phone'])
        await world.api.send(ticketId, 'contact.prove', { payload: { channel } })
      const now = clock.now()
      const lease = { short: now + 30 * MINUTE, long: now + 30 * MINUTE }
      const { claimed } = await store.work.assignments.claim({
        ...{ claimId: deps.ids.id(), ticketIds: [ticketId], agentId: 'orang-3', byId: 'orang-3', how: 'next' },
        ...{ reason: null, now, leases: new Map([['pusat', lease]]), wipLimit: 1, releasedOnly: false, tidy: false },
        ...{ steps: [{ type: null, except: [], states: null }], undatedMs: 0 },
      })
      expect(claimed?.leaseUntil).toBe(lease.short)
      const { limits } = readLimits(LIMITS)
      const guard = openGuard(deps.services.vault, { store, audit: deps.services.audit, clock, limits })
      const principal: Principal = {
        ...{ id: 'orang-3', via: 'session', grants: [], scopes: null, sessionId: 'abcdef', steppedUpAt: null },
      }
      const open = () =>
        guard.open({ actor: { id: 'orang-3', role: 'agent' }, principal, action: 'person.reveal', ticketId })
      await open()
      clock.advance(30 * MINUTE)
      expect(await store.work.assignments.findAssignment(ticketId)).not.toBeNull()
      await expect(open()).rejects.toMatchObject({ code: 'STEP_UP_REQUIRED' })
    })

    it('R-FILE-10 a page is marked with who looks and when, differently for each, and the view is in the chain', async () => {
      quietHour()
      const { filer, path, documentId } = await uploaded()
      const plain = await world.documents.page(filer.ticketId, documentId, 1)
      const [one, two] = [await world.get(path, 'agent'), await world.get(path, 'checker')]
      expect([one.status, two.status]).toEqual([200, 200])
      const raw = (bytes: Buffer) => sharp(bytes).greyscale().raw().toBuffer()
      const [a, b, c] = await Promise.all([raw(plain), raw(one.bytes), raw(two.bytes)])
      const differing = (x: Buffer, y: Buffer) =>
        x.reduce((sum, it, n) => sum + (Math.abs(it - (y[n] ?? 0)) > 24 ? 1 : 0), 0)
      expect(b.length).toBe(a.length)
      expect(differing(a, b)).toBeGreaterThan(a.length / 200)
      expect(differing(b, c)).toBeGreaterThan(0)
      const rows = await entries({ ticketId: filer.ticketId, action: 'file.view' })
      expect(rows.map((it) => [it.actorId, it.subject, it.detail['page']])).toEqual([
        ['agent-1', documentId, 1],
        ['checker-1', documentId, 1],
      ])
    })

    it('A22 R-FILE-9 a signed address opens one page for a minute, as the person it was made for', async () => {
      quietHour()
      const { filer, path } = await uploaded()
      const made = await world.api.request('POST', `${path}/link`, { as: 'agent' })
      expect(made.status).toBe(200)
      const link = String(made.body.path)
      expect(link).not.toContain(PERSON.identity.nik)
      const open = async (it: string) => (await world.get(it, null)).status
      expect(await open(link)).toBe(200)
      const [last] = (await entries({ ticketId: filer.ticketId, action: 'file.view' })).slice(-1)
      expect(last).toMatchObject({ actorId: 'agent-1', actorRole: 'agent' })
      const token = link.slice('/v1/pages/'.length)
      const said = token.split('.').map((it) => Buffer.from(it, 'base64url').toString('latin1'))
      for (const id of ['agent-1', filer.ticketId]) expect(`${link} ${said.join(' ')}`).not.toContain(id)
      const [, , nonce = '', body = ''] = token.split('.')
      const altered = [
        `${token}.x`,
        `${token}.`,
        `x.${token}`,
        token.slice(0, -1),
        token.replace(nonce, 'A'.repeat(16)),
      ]
      for (const it of [...altered, token.replace(body, body.slice(4)), token.replace('v1.', 'v1.no-such-')])
        expect(await open(`/v1/pages/${it}`), it).toBe(404)
      expect(await open('/v1/pages/nothing')).toBe(404)
      world.api.clock.advance(MINUTE)
      expect(await open(link)).toBe(404)
      expect((await world.api.request('POST', `${path}/link`, { as: 'auditor' })).status).toBe(403)
    })

    it('A22 A41 an address of somebody who lost the role, was disabled or signed out in its minute is answered like an unknown one', async () => {
      quietHour()
      const { path } = await uploaded()
      const by = { id: 'admin-1', role: 'admin' } as const
      const { accounts } = world.api.deps.services.staff
      const unknown = await world.get('/v1/pages/nothing', null)
      const ends = [
        (id: string) => accounts.revoke(id, { role: 'agent', officeId: 'pusat' }, by),
        (id: string) => accounts.disable(id, by),
        async (_id: string, desk: Desk) => expect((await desk.post('/v1/session/end')).status).toBeLessThan(300),
      ]
      for (const end of ends) {
        const desk = await officer(world.api, [['agent', 'pusat']])
        const made = await desk.post(`${path}/link`)
        expect(made.status, made.text).toBe(200)
        const link = String(made.body.path)
        expect((await world.get(link, null)).status).toBe(200)
        await end(desk.staffId, desk)
        const refused = await world.get(link, null)
        expect(refused.status).toBe(404)
        expect(bare(refused.bytes)).toEqual(bare(unknown.bytes))
        const views = await entries({ actorId: desk.staffId, action: 'file.view' })
        expect(views).toHaveLength(1)
      }
    })

    it('R-AUD-3 an auditor reads the chain and no person, and erasure breaks nothing', async () => {
      quietHour()
      const { filer, path } = await uploaded()
      expect((await world.get(path, 'auditor')).status).toBe(403)
      expect((await reveal(filer.ticketId, 'auditor')).status).toBe(403)
      for (const as of ['agent', 'checker', 'supervisor', 'portal'] as const)
        expect((await world.api.get('/v1/audit', as)).status).toBe(403)
      expect((await world.get(path, 'agent')).status).toBe(200)
      const { services, store } = world.api.deps
      await services.audit.seal()
      const before = await store.audit.head()
      const closed = await world.api.send(filer.ticketId, 'withdraw', {
        as: 'portal',
        payload: { reason: 'TIDAK_JADI' },
      })
      expect(closed.status, closed.text).toBe(200)
      await services.care.erasure.erase(filer.ticketId, 'PERMINTAAN')
      await services.audit.seal()
      const report = await verifyAudit({ store: store.audit })
      expect(report).toMatchObject({ problems: [], waiting: 0 })
      expect(report.entries).toBeGreaterThan(before?.position ?? 0)
      const read = await world.api.get(`/v1/audit?ticketId=${filer.ticketId}`, 'auditor')
      expect(pluck(read.body.items, 'action')).toContain('file.view')
    })

    it('auditors read it page by page, filtered, and its checkpoints', async () => {
      await world.api.deps.services.audit.checkpoint()
      const all: number[] = []
      let next = ''
      do {
        const { body } = await world.api.get(`/v1/audit?limit=7${next}`, 'auditor')
        all.push(...(pluck(body.items, 'position') as number[]))
        next = body.next === null ? '' : `&cursor=${String(body.next)}`
      } while (next !== '')
      expect(all).toEqual(Array.from({ length: all.length }, (_, n) => all.length - n))
      const only = await world.api.get('/v1/audit?action=person.reveal&actorId=checker-1', 'auditor')
      expect(new Set(pluck(only.body.items, 'action'))).toEqual(new Set(['person.reveal']))
      expect((await world.api.get('/v1/audit?cursor=nothing', 'auditor')).body.code).toBe('CURSOR_MALFORMED')
      const points = await world.api.get('/v1/audit/checkpoints', 'auditor')
      expect(points.body.items[0]).toMatchObject({ position: all.length })
    })
  })
}
