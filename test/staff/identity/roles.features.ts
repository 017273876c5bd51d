import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuditRow } from '../../../src/audit/types.js'
import { newKey, startHarness, type Harness } from '../../api/harness.js'
import { grantsAsTheyCount } from '../../../src/staff/identity/principals.js'
import { mayKnow } from '../../../src/staff/scope.js'
import { account, officer, type Desk } from './desk.js'

const NOBODY = { id: 'x', via: 'session', scopes: null, sessionId: null, steppedUpAt: null } as const
const BY = { id: 'admin-1', role: 'admin' } as const

/** Accounts, roles, service keys and what they open, on either database. */
export function rolesFeatures(name: string, databaseUrl: () => Promise<string | undefined>): void {
  describe(`staff roles and keys on ${name}`, () => {
    let api: Harness
    let admin: Desk
    beforeAll(async () => {
      const url = await databaseUrl()
      api = await startHarness(url === undefined ? {} : { databaseUrl: url })
      admin = await officer(api, [['admin', null]])
    })
    afterAll(() => api.close())

    it('A23: one person has one account: number, user name and subject are taken once', async () => {
      const order = {
        staffNumber: 'N-1',
        username: 'wati',
        name: 'Wati',
        issuer: 'https://idp.example',
        subject: 's-1',
      }
      expect((await admin.post('/v1/staff', order)).status).toBe(201)
      const others = [
        { ...order, username: 'wati2', subject: 's-2' },
        { ...order, staffNumber: 'N-2', subject: 's-2' },
        { ...order, staffNumber: 'N-2', username: 'wati2' },
      ]
      for (const again of others) expect((await admin.post('/v1/staff', again)).body.code).toBe('STAFF_EXISTS')
    })

    it('A23: nobody grants, revokes, resets or enables themselves, by the API or in the database', async () => {
      const id = admin.staffId
      const order = { role: 'checker', officeId: null }
      for (const path of ['roles/grant', 'roles/revoke']) {
        const answer = await admin.post(`/v1/staff/${id}/${path}`, order)
        expect([answer.status, answer.body.code]).toEqual([403, 'OWN_ROLES'])
      }
      for (const path of ['reset', 'disable', 'enable'])
        expect((await admin.post(`/v1/staff/${id}/${path}`)).body.code).toBe('OWN_ROLES')
      const row = {
        staffId: id,
        role: 'checker',
        officeId: '*',
        grantedAt: 1,
        revokedAt: null,
        revokedBy: null,
      } as const
      await expect(api.store.staff.addGrant({ id: api.deps.ids.id(), ...row, grantedBy: id })).rejects.toThrow()
      expect((await admin.get('/v1/session')).body.roles).toEqual([{ role: 'admin', officeId: null }])
    })

    it('A23: maker and checker in one person are lawful roles, and never meet on one ticket', async () => {
      const both = await officer(api, [
        ['agent', null],
        ['checker', null],
      ])
      const id = await api.underVerification()
      const { body } = await both.get(`/v1/tickets/${id}`)
      const allowed = (body.allowed as { type: string }[]).map((it) => it.type)
      expect(new Set(allowed).size).toBe(allowed.length)
      expect(allowed).toContain('identity.verify')
    })

    it('grants keep their history, and every change is in the audit', async () => {
      const desk = await account(api, [])
      const order = { role: 'agent', officeId: 'pusat' }
      await admin.post(`/v1/staff/${desk.staffId}/roles/grant`, order)
      await admin.post(`/v1/staff/${desk.staffId}/roles/grant`, order)
      await admin.post(`/v1/staff/${desk.staffId}/roles/revoke`, order)
      const { body } = await admin.post(`/v1/staff/${desk.staffId}/roles/grant`, order)
      expect(body.grants).toMatchObject([
        { role: 'agent', officeId: 'pusat', grantedBy: admin.staffId, revokedBy: admin.staffId },
        { role: 'agent', officeId: 'pusat', revokedAt: null },
      ])
      expect(
        (await admin.post(`/v1/staff/${desk.staffId}/roles/grant`, { role: 'agent', officeId: 'tidak-ada' })).status,
      ).toBe(404)
      expect(
        (await admin.post(`/v1/staff/${desk.staffId}/roles/revoke`, { role: 'auditor', officeId: null })).status,
      ).toBe(404)
      const entries = await auditOf(api)
      const mine = entries.filter((it) => it.subject === desk.staffId && it.actorId === admin.staffId)
      expect(mine.map((it) => it.action)).toEqual(['role.grant', 'role.revoke', 'role.grant'])
    })

    it('a supervisor sees all offices of the unit, an agent their own, and authority says the same at any instant', async () => {
      const { authority } = api.deps.services.staff
      const agent = await account(api, [['agent', 'cabang-jakarta']])
      const before = api.clock.now() - 1
      expect(await authority.holds(agent.staffId, 'agent', 'cabang-jakarta', api.clock.now())).toBe(true)
      expect(await authority.holds(agent.staffId, 'agent', 'pusat', api.clock.now())).toBe(false)
      expect(await authority.holds(agent.staffId, 'agent', null, api.clock.now())).toBe(false)
      // Granted only afterwards.
      expect(await authority.holds(agent.staffId, 'agent', 'cabang-jakarta', before)).toBe(false)
      await api.deps.services.staff.accounts.disable(agent.staffId, BY)
      expect(await authority.holds(agent.staffId, 'agent', 'cabang-jakarta', api.clock.now())).toBe(false)
    })

    it('a supervisor knows the tickets of a second office of the unit, an agent of the same office does not', async () => {
      const filing = { route: 'kantor_cabang', officeId: 'cabang-jakarta', channel: 'walk_in' }
      const id = String((await api.file({ filing, as: 'agent' })).body.ticketId)
      const second = { ...api.engine.reference.office('cabang-jakarta'), id: 'cabang-depok' }
      const offices = () => [...api.engine.reference.offices(), second]
      const rows = [{ role: 'supervisor' as const, officeId: 'cabang-depok' }]
      const grants = grantsAsTheyCount([...rows, { role: 'agent', officeId: 'cabang-depok' }], offices)
      const head = (await api.store.findTicketHead(id))!
      const of = (role: string) => ({ ...NOBODY, grants: grants.filter((it) => it.role === role) })
      expect([mayKnow(of('supervisor'), head), mayKnow(of('agent'), head)]).toEqual([true, false])
      expect(mayKnow(of('supervisor'), { officeId: 'pusat' })).toBe(
        api.engine.reference.office('pusat').unitId === second.unitId,
      )
    })

    it('A23: the last administrator keeps the role and the account, also when two go at each other at once', async () => {
      const { accounts } = api.deps.services.staff
      const other = await account(api, [['admin', null]])
      const root = { role: 'admin', officeId: null } as const
      const code = (work: Promise<unknown>) =>
        work.then(() => 'done').catch((error: unknown) => (error as { code: string }).code)
      const both = await Promise.all([
        code(accounts.disable(other.staffId, { id: admin.staffId, role: 'admin' })),
        code(accounts.disable(admin.staffId, { id: other.staffId, role: 'admin' })),
      ])
      expect(both).toContain('LAST_ADMIN')
      const able = (await accounts.list()).filter((it) => it.staff.disabledAt === null).map((it) => it.staff.id)
      expect(able.filter((id) => id === admin.staffId || id === other.staffId)).not.toEqual([])
      await accounts.enable(admin.staffId, BY)
      await accounts.enable(other.staffId, BY)
      await accounts.disable(other.staffId, BY)
      expect(await code(accounts.disable(admin.staffId, BY))).toBe('LAST_ADMIN')
      expect(await code(accounts.revoke(admin.staffId, root, BY))).toBe('LAST_ADMIN')
      await admin.signIn()
      expect((await admin.get('/v1/staff')).status).toBe(200)
    })

    it('A23: an open session alone changes nobody’s access: a fresh code is asked for', async () => {
      await admin.signIn()
      for (let minutes = 0; minutes < 12; minutes += 6) {
        api.clock.advance(6 * 60_000)
        expect((await admin.get('/v1/staff')).status).toBe(200)
      }
      const order = { staffNumber: 'N-77', username: 'tujuh', name: 'Tujuh' }
      for (const [path, body] of [
        ['/v1/staff', order],
        ['/v1/service-keys', { name: 'lain', scopes: ['tickets'], days: 1 }],
        [`/v1/staff/${admin.staffId}/disable`, undefined],
        [`/v1/service-keys/${admin.staffId}/revoke`, undefined],
      ] as const)
        expect((await admin.post(path, body)).body.code, path).toBe('STEP_UP_REQUIRED')
      expect((await admin.post('/v1/session/step-up', { code: admin.code() })).status).toBe(200)
      expect((await admin.post('/v1/staff', order)).status).toBe(201)
    })

    it('a service key opens its groups of routes as the portal, until it is revoked or expires', async () => {
      const order = { name: 'portal', scopes: ['tickets'], days: 30 }
      const made = await admin.post('/v1/service-keys', order)
      expect(made.body.key).toMatch(/^pulih_[0-9a-f]{32}_[\w-]{43}$/)
      const authorization = `Bearer ${made.body.key}`
      const body = {
        type: 'pengaduan',
        route: 'layanan_digital',
        cause: 'EMAIL_DAN_HP_HILANG',
        participantRef: 'peserta_kunci01',
        declaration: true,
      }
      const filed = await api.request('POST', '/v1/tickets', {
        as: null,
        body,
        headers: { authorization, 'idempotency-key': newKey() },
      })
      expect(filed.status, filed.text).toBe(202)
      // A group that it does not name, and a role that no key has.
      expect((await api.get('/v1/types', null, { authorization })).status).toBe(403)
      expect((await api.get('/v1/tickets', null, { authorization })).status).toBe(403)
      const broken = authorization.slice(0, -1) + (authorization.endsWith('A') ? 'B' : 'A')
      expect((await api.get('/v1/tickets', null, { authorization: broken })).status).toBe(401)
      const [row] = (await admin.get('/v1/service-keys')).body.keys
      expect(row).toMatchObject({ name: 'portal', scopes: ['tickets'], revokedAt: null })
      expect(row.lastUsedAt).not.toBeNull()
      expect((await admin.post(`/v1/service-keys/${made.body.keyId}/revoke`)).status).toBe(200)
      expect((await admin.post(`/v1/service-keys/${made.body.keyId}/revoke`)).status).toBe(404)
      expect((await api.get('/v1/types', null, { authorization })).status).toBe(401)
      const short = (await admin.post('/v1/service-keys', { ...order, days: 1 })).body.key
      api.clock.advance(86_400_000)
      expect((await api.get('/v1/types', null, { authorization: `Bearer ${short}` })).status).toBe(401)
    })
  })
}

/** What the audit chain holds, oldest first. */
const auditOf = (api: Harness): Promise<readonly AuditRow[]> => api.store.audit.entries(0, 10_000)
