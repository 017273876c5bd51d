import { afterAll, beforeAll, expect, it } from 'vitest'
import { startHarness, type Harness } from '../api/harness.js'
import { describeOnPostgres } from '../support/postgresSuite.js'
import { filed } from './people.js'

describeOnPostgres('codes on PostgreSQL', (server) => {
  let api: Harness
  beforeAll(async () => {
    api = await startHarness({ databaseUrl: await server().database() })
  })
  afterAll(async () => {
    await api.close()
  })

  it('R-OTP-7 R-OTP-2 of twenty askings at once one fits the budget; of twenty uses at once one counts', async () => {
    const { ticketId } = await filed(api)
    const { challenges } = api.store.intake
    const budget = { id: 'b', by: 'address' as const, values: ['a-1'], windowMs: 60_000, max: 1 }
    const now = api.clock.now()
    const idOf = (n: number) => `challenge-${String(n).padStart(2, '0')}`
    const row = (n: number) => ({
      ...{ id: idOf(n), ticketId, purpose: 'prove' as const, channel: 'email' as const, generation: 1 },
      ...{ addressIndex: 'a-1', personIndex: null, deviceIndex: null, createdAt: now },
    })
    const all = Array.from({ length: 20 }, (_, n) => n)
    const added = await Promise.all(all.map((n) => challenges.addChallenge(row(n), [budget])))
    expect(added.filter(Boolean)).toHaveLength(1)
    expect(await challenges.spentBudgets(row(99), [budget])).toEqual([{ budget, since: now }])
    const id = idOf(added.indexOf(true))
    expect(await challenges.setCode(id, { codeMac: 'm', sentAt: now, expiresAt: now + 1 })).toBe(true)
    const tries = await Promise.all(all.map(() => challenges.countTry(ticketId, 'email', 'prove')))
    expect(tries.map((it) => it?.tries).toSorted((a, b) => Number(a) - Number(b))).toEqual(all.map((n) => n + 1))
    const challenge = await challenges.findChallenge(id)
    const used = await Promise.all(
      all.map((n) => {
        const task = { id: `task-${n}`, kind: 'k', ticketId, ref: id, dueAt: now, createdAt: now }
        return challenges.consumeAndProve(challenge!, now, task)
      }),
    )
    expect(used.filter(Boolean)).toHaveLength(1)
    const contact = (await api.store.intake.people.contactsOf(ticketId)).find((it) => it.channel === 'email')
    expect(contact?.provenGeneration).toBe(1)
  })
})
