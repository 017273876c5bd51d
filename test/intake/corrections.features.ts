import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { correct } from '../../src/intake/correcting.js'
import { withdrawProof } from '../../src/intake/contactProof.js'
import { createLogger } from '../../src/logging.js'
import { startTasks, type TaskRunner } from '../../src/workers/tasks.js'
import { MINUTE, newKey, pluck, startHarness, type Harness } from '../api/harness.js'
import { asFiler, filed } from './people.js'

/** No identity without its fact, no fact without its identity, whoever gets a word in or is cut off; on every database. */
export function correctionFeatures(name: string, databaseUrl: () => Promise<string | undefined>): void {
  describe(`corrections and reopenings, on ${name}`, () => {
    let api: Harness
    let tasks: TaskRunner
    let people = 0
    beforeAll(async () => {
      const url = await databaseUrl()
      api = await startHarness(url === undefined ? {} : { databaseUrl: url })
      const { store, clock, services } = api.deps
      const { tasks: board, handlers } = services
      const logger = createLogger({ level: 'silent' })
      tasks = startTasks({ world: { store, clock }, board, handlers, logger, random: () => 0.5 })
    })
    afterAll(async () => {
      await tasks.stop()
      await api.close()
    })

    async function proven() {
      const n = String(++people).padStart(4, '0')
      const identity = { nik: `320411460994${n}`, kpj: null }
      const contacts = { email: `betul${n}@surat.example.org`, phone: `0816-3456-${n}` }
      const ticket = await filed(api, { identity, contacts })
      api.clock.advance(MINUTE)
      await prove(ticket)
      return ticket
    }
    async function prove({ ticketId, token }: { ticketId: string; token: string }): Promise<void> {
      await tasks.runDue()
      const all = (await api.deps.services.messages.mailbox?.list(500)) ?? []
      for (const [channel, kind] of [
        ['email', 'email'],
        ['phone', 'sms'],
      ]) {
        const mail = all.find(
          (it) => it.ticketId === ticketId && it.channel === kind && it.template.startsWith('code.'),
        )
        const code = /\b\d{6}\b/.exec(mail?.text ?? '')?.[0] ?? 'none'
        const { status } = await asFiler(api, token, 'POST', '/v1/pengaduan/codes/verification', { channel, code })
        expect(status).toBe(200)
      }
      await tasks.runDue()
    }
    async function asked() {
      const ticket = await proven()
      expect((await api.send(ticket.ticketId, 'verification.start', { as: 'agent' })).status).toBe(200)
      const payload = { reason: 'NAMA_BERBEDA' }
      expect((await api.send(ticket.ticketId, 'correction.request', { as: 'agent', payload })).status).toBe(200)
      return ticket
    }
    const factsOf = async (ticketId: string, fact: string) =>
      (await api.store.readLog(ticketId, 0, 500)).filter((it) => it.fact === fact).length
    const nameOf = async (ticketId: string) => {
      const it = await api.deps.services.people.identityOf(ticketId)
      return [it?.version, it?.identity.name]
    }
    /** A correction that meets somebody, or ends, at one of its steps. */
    async function correction(
      ticketId: string,
      name: string,
      at: { readonly written?: () => Promise<unknown>; readonly looked?: () => Promise<unknown> } = {},
    ) {
      const { store, engine } = api
      const { services, ids } = api.deps
      const participant = { id: (await store.findTicket(ticketId))!.participantRef, role: 'participant' } as const
      const key = newKey()
      const handle: typeof engine.handle = async (command) => {
        await at.written?.()
        return engine.handle(command)
      }
      const parts = {
        ...{ store, clock: api.clock, ids, tasks: services.tasks },
        engine: { handle, allowed: engine.allowed.bind(engine) },
        people: {
          identityOf: (id: string) => services.people.identityOf(id),
          async correct(...args: Parameters<typeof services.people.correct>) {
            await at.looked?.()
            await services.people.correct(...args)
          },
        },
      }
      return correct(parts, { ticketId, actor: participant, key, fingerprint: key }, { name })
    }

    it('of many corrections at once one is written, and it is the one that the ticket was told of', async () => {
      for (let round = 0; round < 3; round++) {
        const { ticketId, token } = await asked()
        const answers = await Promise.all(
          Array.from({ length: 8 }, async (_, n) => {
            const body = { identity: { name: `Nama Nomor ${'abcdefgh'[n] ?? ''}` } }
            const { status } = await asFiler(api, token, 'POST', '/v1/pengaduan/corrections', body)
            return { status, name: body.identity.name }
          }),
        )
        const won = answers.filter((it) => it.status === 200)
        expect(won).toHaveLength(1)
        expect(answers.filter((it) => it.status === 409)).toHaveLength(7)
        expect(await nameOf(ticketId)).toEqual([2, won[0]?.name])
        expect(await factsOf(ticketId, 'CorrectionSubmitted')).toBe(1)
      }
    })

    it('another one, whole, between writing and telling is refused', async () => {
      const { ticketId } = await asked()
      let late: unknown
      await correction(ticketId, 'Yang Pertama', {
        written: async () => {
          late = await correction(ticketId, 'Yang Kedua').catch((error: unknown) => error)
        },
      })
      expect(late).toMatchObject({ code: 'CONFLICT' })
      expect([await nameOf(ticketId), await factsOf(ticketId, 'CorrectionSubmitted')]).toEqual([[2, 'Yang Pertama'], 1])
      api.clock.advance(2 * MINUTE)
      await tasks.runDue()
      expect(await factsOf(ticketId, 'CorrectionSubmitted')).toBe(1)
      expect(pluck(await api.store.intake.people.flagsOf(ticketId), 'code')).not.toContain('correction_unrecorded')
    })

    it('another one, whole, between looking and writing makes it stand back', async () => {
      const { ticketId } = await asked()
      const first = correction(ticketId, 'Yang Pertama', { looked: () => correction(ticketId, 'Yang Kedua') })
      await expect(first).rejects.toMatchObject({ code: 'CONFLICT' })
      expect([await nameOf(ticketId), await factsOf(ticketId, 'CorrectionSubmitted')]).toEqual([[2, 'Yang Kedua'], 1])
    })

    it('a ticket that is withdrawn between looking and writing keeps its identity, and what it is found by', async () => {
      const { ticketId, token } = await asked()
      const withdraw = () => asFiler(api, token, 'POST', '/v1/pengaduan/withdrawal', {})
      const before = await api.store.intake.people.indexesOf(ticketId)
      await expect(correction(ticketId, 'Terlambat', { looked: withdraw })).rejects.toMatchObject({ code: 'CONFLICT' })
      expect(await nameOf(ticketId)).toEqual([1, 'Siti Rahmawati'])
      expect(await api.store.intake.people.indexesOf(ticketId)).toEqual(before)
    })

    it('cut off between writing and telling: a minute later the ticket is told, once', async () => {
      const { ticketId } = await asked()
      const cut = correction(ticketId, 'Listrik Padam', { written: () => Promise.reject(new Error('power cut')) })
      await expect(cut).rejects.toThrow('power cut')
      expect((await api.store.findTicket(ticketId))?.state).toBe('correctionNeeded')
      for (let n = 0; n < 2; n++) {
        api.clock.advance(MINUTE)
        await tasks.runDue()
      }
      expect((await api.store.findTicket(ticketId))?.state).toBe('submitted')
      expect([await nameOf(ticketId), await factsOf(ticketId, 'CorrectionSubmitted')]).toEqual([
        [2, 'Listrik Padam'],
        1,
      ])
      expect((await api.store.intake.people.findMatch(ticketId))?.identityVersion).toBe(2)
    })

    it('a ticket that moves on between writing and telling: officers get a reason to look again', async () => {
      const { ticketId } = await asked()
      const refer = async () => {
        const payload = { officeId: 'cabang-jakarta', reason: 'PERLU_TATAP_MUKA' }
        const { status, text } = await api.send(ticketId, 'branch.refer', { as: 'agent', payload })
        expect(status, text).toBe(200)
      }
      await expect(correction(ticketId, 'Menyelinap', { written: refer })).rejects.toMatchObject({
        code: 'EVENT_NOT_ALLOWED',
      })
      api.clock.advance(MINUTE)
      await tasks.runDue()
      expect(await factsOf(ticketId, 'CorrectionSubmitted')).toBe(0)
      const { body } = await api.get(`/v1/tickets/${ticketId}/risk`)
      expect(pluck(body.flags, 'code')).toContain('correction_unrecorded')
      expect((await api.store.findTicket(ticketId))?.snapshot.context['elevated']).toBe(true)
    })

    it('a reopening that was cut off before its codes: they are sent a minute later', async () => {
      const ticket = await proven()
      const { ticketId } = ticket
      await asFiler(api, ticket.token, 'POST', '/v1/pengaduan/withdrawal', {})
      api.clock.advance(30 * MINUTE)
      // As far as the ticket hears of it, and no further.
      for (const channel of ['email', 'phone'] as const) await withdrawProof(api.deps, ticketId, channel)
      const participant = { id: (await api.store.findTicket(ticketId))!.participantRef, role: 'participant' } as const
      const key = newKey()
      await api.engine.handle({ ticketId, event: { type: 'reopen' }, actor: participant, key, fingerprint: key })
      api.clock.advance(MINUTE)
      await prove(ticket)
      expect((await api.store.findTicket(ticketId))?.state).toBe('submitted')
      expect(await api.store.intake.people.disagreements(9)).toEqual([])
    })

    it('a reopening that was cut off before the ticket heard of it: it can be sent again, and both are proven anew', async () => {
      const ticket = await proven()
      await asFiler(api, ticket.token, 'POST', '/v1/pengaduan/withdrawal', {})
      api.clock.advance(30 * MINUTE)
      for (const channel of ['email', 'phone'] as const) await withdrawProof(api.deps, ticket.ticketId, channel)
      api.clock.advance(2 * MINUTE)
      await tasks.runDue()
      expect((await asFiler(api, ticket.token, 'POST', '/v1/pengaduan/reopening', {})).body.state).toBe('reopened')
      await prove(ticket)
      expect((await api.store.findTicket(ticket.ticketId))?.state).toBe('submitted')
    })

    it('R-NIST-1 verification names the ticket whose contact was made to look proven, or unproven', async () => {
      const { store, services } = api.deps
      const problems = async () => (await services.care.prove()).problems
      const [one, two] = [await proven(), await filed(api, { identity: { nik: '3204114609940999', kpj: null } })]
      api.clock.advance(2 * MINUTE)
      await tasks.runDue()
      expect(await problems()).toEqual([])
      const task = { id: 'damage', kind: 'nobody', ticketId: one.ticketId, ref: 'x', dueAt: 0, createdAt: 0 }
      await store.intake.people.withdrawProof(one.ticketId, 'email', task)
      await store.intake.people.markProven(two.ticketId, 'phone', 1, 5)
      expect((await problems()).toSorted((a, b) => (a.ticketId < b.ticketId ? -1 : 1))).toEqual([
        { ticketId: one.ticketId, what: 'the new email is proven as the ticket says, and unproven as its row says' },
        { ticketId: two.ticketId, what: 'the new phone is proven as its row says, and unproven as the ticket says' },
      ])
    })
  })
}
