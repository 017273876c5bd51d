import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { heldForProven, settleContact, settleContactHandler, withdrawProof } from '../../src/intake/contactProof.js'
import { createFilerRequests } from '../../src/intake/requests.js'
import { MINUTE, newKey, startHarness, type Harness } from '../api/harness.js'
import { filed } from './people.js'

/** Every place where somebody else may get a word in between two steps. */
type Between = (step: string) => Promise<void>

/** An address that changes while its proof is on the way to the ticket (R-OTP-6); on every database. */
export function proofRaceFeatures(name: string, databaseUrl: () => Promise<string | undefined>): void {
  describe(`a changed address is never held for proven, on ${name}`, () => {
    let api: Harness
    let people = 0
    beforeAll(async () => {
      const url = await databaseUrl()
      api = await startHarness(url === undefined ? {} : { databaseUrl: url })
    })
    afterAll(() => api.close())

    async function somebody(): Promise<string> {
      const n = String(++people).padStart(4, '0')
      const identity = { nik: `320411460996${n}`, kpj: null }
      const contacts = { email: `lomba${n}@surat.example.org`, phone: `0813-3456-${n}` }
      const { ticketId } = await filed(api, { identity, contacts })
      api.clock.advance(MINUTE)
      return ticketId
    }
    const rowOf = async (ticketId: string) =>
      (await api.store.intake.people.contactsOf(ticketId)).find((it) => it.channel === 'email')!
    const rightCode = async (ticketId: string) => {
      const { generation } = await rowOf(ticketId)
      return api.store.intake.people.markProven(ticketId, 'email', generation, api.clock.now())
    }
    const settle = (ticketId: string, between: Between = () => Promise.resolve()) => {
      const { store, engine } = api
      const contacts = store.intake.people
      const spied = {
        async findTicket(id: string) {
          const ticket = await store.findTicket(id)
          await between('ticket read')
          return ticket
        },
        intake: {
          people: {
            withdrawProof: contacts.withdrawProof.bind(contacts),
            async contactsOf(id: string) {
              const rows = await contacts.contactsOf(id)
              await between('row read')
              return rows
            },
          },
        },
      }
      const handle: typeof engine.handle = async (command) => {
        await between('telling')
        const accepted = await engine.handle(command)
        await between('told')
        return accepted
      }
      return settleContact({ store: spied, engine: { handle } }, ticketId, 'email')
    }
    const change = (ticketId: string, address: string, between: Between = () => Promise.resolve(), key = newKey()) => {
      const { store, engine } = api
      const { services } = api.deps
      const contacts = store.intake.people
      const requests = createFilerRequests({
        ...{ engine, clock: api.clock, ids: api.deps.ids, emailDomains: services.emailDomains },
        correct: () => Promise.reject(new Error('nobody corrects here')),
        store: {
          findTicket: store.findTicket.bind(store),
          findIdempotency: store.findIdempotency.bind(store),
          intake: {
            people: {
              contactsOf: contacts.contactsOf.bind(contacts),
              async withdrawProof(...args) {
                await between('withdrawing')
                await contacts.withdrawProof(...args)
                await between('withdrawn')
              },
            },
          },
        },
        people: {
          ...services.people,
          async changeContact(...args) {
            await between('replacing')
            const generation = await services.people.changeContact(...args)
            await between('replaced')
            return generation
          },
        },
        askCode: () => Promise.resolve(),
      })
      const actor = { id: ticketId, role: 'participant' } as const
      return requests.changeContact({ ticketId, actor, key, fingerprint: key + address }, 'email', address)
    }
    /** Held for proven by the ticket only while the address of that moment is. */
    async function holds(ticketId: string): Promise<boolean> {
      const ticket = (await api.store.findTicket(ticketId))!
      const { generation, provenGeneration } = await rowOf(ticketId)
      return !heldForProven(ticket, 'email') || provenGeneration === generation
    }
    const held = async (ticketId: string) => heldForProven((await api.store.findTicket(ticketId))!, 'email')

    it.each(['ticket read', 'row read', 'telling', 'told'])('changed whole while a proof is at: %s', async (at) => {
      const ticketId = await somebody()
      await rightCode(ticketId)
      let changed = 0
      await settle(ticketId, async (step) => {
        if (step !== at || changed++ > 0) return
        await change(ticketId, 'pencuri@surat.example.org')
        expect(await holds(ticketId)).toBe(true)
      })
      expect(changed).toBeGreaterThan(0)
      expect([await held(ticketId), (await rowOf(ticketId)).generation]).toEqual([false, 2])
      // The new address has its own proof, and the ticket hears of it.
      await rightCode(ticketId)
      await settle(ticketId)
      expect(await held(ticketId)).toBe(true)
    })

    const steps = ['withdrawing', 'withdrawn', 'replacing', 'replaced']
    it.each(steps)('proven, with a new code too, while a change is at: %s', async (at) => {
      for (const again of [false, true]) {
        const ticketId = await somebody()
        await rightCode(ticketId)
        if (again) await settle(ticketId)
        const key = newKey()
        const attempt = () =>
          change(
            ticketId,
            'baru@surat.example.org',
            async (step) => {
              if (step !== at) return
              if (again && at !== 'replaced') await rightCode(ticketId)
              await settle(ticketId)
              // A proof of the earlier address stands only while that is the address.
              if (at !== 'withdrawn') expect(await holds(ticketId)).toBe(true)
            },
            key,
          )
        // Proven anew in the last moment: the change stands back, and is done when it is sent again.
        if (again && at === 'withdrawn') await expect(attempt()).rejects.toMatchObject({ code: 'CONFLICT' })
        else if (again && at === 'replacing') await expect(attempt()).rejects.toMatchObject({ code: 'CONFLICT' })
        else await attempt()
        await change(ticketId, 'baru@surat.example.org', undefined, key)
        expect([await held(ticketId), (await rowOf(ticketId)).generation]).toEqual([false, 2])
      }
    })

    it('a proof that was decided on before the change and arrives after it is refused', async () => {
      const ticketId = await somebody()
      await rightCode(ticketId)
      let arrive!: () => void
      const gate = new Promise<void>((resolve) => (arrive = resolve))
      let reached!: () => void
      const waiting = new Promise<void>((resolve) => (reached = resolve))
      const late = settle(ticketId, async (step) => {
        if (step !== 'telling') return
        reached()
        await gate
      })
      await waiting
      const seen: boolean[] = []
      await change(ticketId, 'pencuri@surat.example.org', async (step) => {
        if (step === 'replacing') arrive()
        if (step !== 'withdrawing') seen.push(await holds(ticketId))
      })
      expect(await late).toBeNull()
      expect(seen).not.toContain(false)
      expect(await held(ticketId)).toBe(false)
    })

    it('many proofs and changes at once: whatever comes out, ticket and row agree', async () => {
      for (let round = 0; round < 5; round++) {
        const ticketId = await somebody()
        const work = Array.from({ length: 12 }, async (_, n) => {
          if (n % 4 === 0) await change(ticketId, `acak${round}-${n}@surat.example.org`)
          else if (n % 2 === 0) await rightCode(ticketId)
          await settle(ticketId)
        })
        const refused = (await Promise.allSettled(work)).filter((it) => it.status === 'rejected')
        for (const { reason } of refused) expect(reason).toMatchObject({ code: 'CONFLICT' })
        await settle(ticketId)
        const { generation, provenGeneration } = await rowOf(ticketId)
        expect(await held(ticketId)).toBe(provenGeneration === generation)
      }
    })

    it('a change that was cut short before the ticket was told is mended a minute later', async () => {
      const ticketId = await somebody()
      await rightCode(ticketId)
      await settle(ticketId)
      await withdrawProof(api.deps, ticketId, 'email')
      expect(await holds(ticketId)).toBe(false)
      const { tasks } = api.store.intake
      const due = async () => {
        const rows = await tasks.claimTasks(['settle_contact'], api.clock.now(), 1, 100)
        return rows.filter((it) => it.ticketId === ticketId)
      }
      expect(await due()).toEqual([])
      api.clock.advance(MINUTE)
      const [task] = await due()
      const asked: string[] = []
      const askCode = (_: string, channel: string) => Promise.resolve(void asked.push(channel))
      await settleContactHandler({ ...api, askCode }).run(task!)
      // The code that the change would have sent is sent then.
      expect(asked).toEqual(['email'])
      expect([await held(ticketId), await holds(ticketId)]).toEqual([false, true])
    })
  })
}
