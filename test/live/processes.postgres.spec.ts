import { afterAll, beforeAll, expect, it } from 'vitest'
import { startHarness, tokenOf, type Harness } from '../api/harness.js'
import { describeOnPostgres } from '../support/postgresSuite.js'
import { watch } from './events.js'

describeOnPostgres('live updates of several processes, on PostgreSQL', (server) => {
  let here: Harness
  let there: Harness
  beforeAll(async () => {
    const databaseUrl = await server().database()
    here = await startHarness({ databaseUrl })
    there = await startHarness({ databaseUrl })
  })
  afterAll(async () => {
    await here.close()
    await there.close()
  })
  const listen = (lastEventId?: string) =>
    watch(`${there.url}/v1/live`, {
      authorization: `Bearer ${tokenOf('supervisor')}`,
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    })

  it('tells of what another process did, once, and goes on where somebody left off', async () => {
    const stream = await listen()
    expect((await stream.next()).event).toBe('ready')
    const first = String((await here.file()).body.ticketId)
    const told = await stream.next()
    expect(told).toMatchObject({ event: 'ticket', data: { ticketId: first, state: 'contactUnproven' } })
    here.clock.advance(10_000)
    there.clock.advance(10_000)
    const second = String((await here.file()).body.ticketId)
    expect((await stream.next()).data).toMatchObject({ ticketId: second })
    stream.close()
    const back = await listen(told.id)
    expect((await back.next()).event).toBe('ready')
    const missed = [(await back.next()).data.ticketId, (await back.next()).data.ticketId] as string[]
    expect(missed).toEqual([first, second])
    back.close()
  })
})
