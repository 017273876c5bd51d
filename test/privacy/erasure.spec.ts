import { appendFileSync, copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { verifyStore } from '../../src/engine/index.js'
import { loadTicketTypes } from '../../src/engine/index.js'
import { RETENTION } from '../../src/privacy/retentionConfig.js'
import { DAY, onBothDatabases, openPrivacyWorld, PERSON } from './world.js'

const GONE = ['blind_indexes', 'matches', 'access_tokens', 'challenges', 'filing_replies', 'local_mail']

onBothDatabases('erasure', (newPlace) => {
  it('A47: is refused while the ticket is open, with the reason, and leaves no trace of being asked', async () => {
    const { services, file, place, store } = await openPrivacyWorld(await newPlace())
    const id = await file()
    await expect(services.care.erasure.erase(id, 'asked')).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('still open') as string,
    })
    expect(await store.intake.erasure.findTombstone(id)).toBeNull()
    expect(() => readFileSync(join(place.dataDir, 'tombstones.jsonl'))).toThrow('ENOENT')
    expect((await services.people.identityOf(id))?.identity).toEqual(PERSON.identity)
  })

  it('A47: is refused under a legal hold, by SQL too; a lifted hold lets it through', async () => {
    const { services, file, end, raw, store, clock } = await openPrivacyWorld(await newPlace())
    const { erasure } = services.care
    const id = await file()
    await end(id)
    await erasure.placeHold(id, 'court', 'legal-1')
    await expect(erasure.erase(id, 'asked')).rejects.toMatchObject({ code: 'LEGAL_HOLD' })
    await expect(raw(`UPDATE ticket_keys SET wrapped = NULL, destroyed_at = 1`)).rejects.toThrow(
      'ticket_keys_legal_hold',
    )
    clock.advance(400 * DAY)
    expect((await services.care.retain({ dryRun: false })).find((it) => it.duty === 'person')).toMatchObject({ due: 0 })
    expect((await services.people.identityOf(id))?.identity.nik).toBe(PERSON.identity.nik)
    expect(await erasure.liftHold(id)).toBe(1)
    expect(await erasure.erase(id, 'asked')).toBe(true)
    expect((await erasure.holdsOf(id)).map((it) => it.liftedAt)).toEqual([clock.now()])
    expect(await store.intake.erasure.findTombstone(id)).toMatchObject({ reason: 'asked' })
    await expect(erasure.placeHold(id, 'court', 'legal-1')).rejects.toMatchObject({ code: 'ERASED' })
  })

  it('A47: destroys the key and all that was sealed or found by it, says so in the log, and is harmless when repeated', async () => {
    const world = await openPrivacyWorld(await newPlace())
    const { services, file, end, raw, store, clock, engine, place } = world
    const [id, other] = [await file(), await file()]
    const { token } = await services.sessions.issue(id)
    await end(id)
    expect(await services.care.erasure.erase(id, 'asked')).toBe(true)
    expect(await services.care.erasure.erase(id, 'asked')).toBe(false)
    for (const table of GONE) expect(await raw(`SELECT * FROM ${table} WHERE ticket_id = '${id}'`)).toEqual([])
    for (const table of ['identities', 'contacts'])
      expect(await raw(`SELECT * FROM ${table} WHERE ticket_id = '${id}' AND sealed IS NOT NULL`)).toEqual([])
    expect(await store.intake.keys.findKey(id)).toMatchObject({ wrapped: null, destroyedAt: clock.now() })
    await expect(services.people.identityOf(id)).rejects.toMatchObject({ code: 'ERASED' })
    await expect(services.vault.seal({ ticketId: id, table: 't', column: 'c', row: 'r' }, 'x')).rejects.toMatchObject({
      code: 'ERASED',
    })
    expect(await services.sessions.open(token).catch(() => null)).toBeNull()
    const facts = (await store.readLog(id, 0, 99)).map((it) => it.fact)
    expect(facts.filter((it) => it === 'PersonalDataErased')).toHaveLength(1)
    expect((await services.people.identityOf(other))?.identity.nik).toBe(PERSON.identity.nik)
    expect(readFileSync(join(place.dataDir, 'tombstones.jsonl'), 'utf8')).not.toMatch(/asked|3171/)
    const proof = await verifyStore({ store, types: await loadTicketTypes(), reference: engine.reference })
    expect(proof.problems).toEqual([])
    expect((await services.care.prove()).problems).toEqual([])
  })

  it('A47: cut off after the list beside the data was written, the next start completes it', async () => {
    const place = await newPlace()
    const world = await openPrivacyWorld(place)
    const id = await world.file()
    await world.end(id)
    const line = JSON.stringify({ ticketId: id, erasedAt: world.clock.now() })
    // A power cut left half a line before it.
    appendFileSync(join(place.dataDir, 'tombstones.jsonl'), `{"ticketId":"0199\n${line}\n{"tick`)
    const next = await world.again()
    expect(await next.services.care.start()).toEqual({ erased: 1, held: 0 })
    expect(await next.services.care.start()).toEqual({ erased: 0, held: 0 })
    await expect(next.services.people.identityOf(id)).rejects.toMatchObject({ code: 'ERASED' })
    const facts = (await next.store.readLog(id, 0, 99)).map((it) => it.fact)
    expect(facts).toContain('PersonalDataErased')
  })

  it('A47: what the database knows and the list lost is written down again', async () => {
    const place = await newPlace()
    const world = await openPrivacyWorld(place)
    const id = await world.file()
    await world.end(id)
    await world.services.care.erasure.erase(id, 'asked')
    const elsewhere = await openPrivacyWorldOn(world)
    await elsewhere.services.care.start()
    expect(readFileSync(join(elsewhere.place.dataDir, 'tombstones.jsonl'), 'utf8')).toContain(id)
  })

  it('a person who was never filed goes after a day, as a draft does, a filed one stays', async () => {
    const { services, file, clock } = await openPrivacyWorld(await newPlace())
    const [orphan, filed] = [await file({}, false), await file()]
    clock.advance(RETENTION.orphans)
    await services.care.retain({ dryRun: false })
    expect(await services.people.identityOf(orphan)).not.toBeNull()
    clock.advance(1)
    const dry = await services.care.retain({ dryRun: true })
    expect(dry.find((it) => it.duty === 'orphans')).toEqual({ duty: 'orphans', due: 1, removed: 0 })
    expect(await services.people.identityOf(orphan)).not.toBeNull()
    await services.care.retain({ dryRun: false })
    await expect(services.people.identityOf(orphan)).rejects.toMatchObject({ code: 'ERASED' })
    expect(await services.people.identityOf(filed)).not.toBeNull()
  })

  it('retention follows its own clock for each thing, is harmless when repeated, and notes each run', async () => {
    const { services, file, end, clock, store } = await openPrivacyWorld(await newPlace())
    const [closed, open] = [await file(), await file()]
    await services.sessions.issue(closed)
    await end(closed)
    const removed = async () =>
      Object.fromEntries((await services.care.retain({ dryRun: false })).map((it) => [it.duty, it.removed]))
    clock.advance(365 * DAY)
    expect(await removed()).toMatchObject({ person: 0 })
    clock.advance(1)
    expect(await removed()).toMatchObject({ person: 1 })
    expect(await removed()).toMatchObject({ person: 0, tokens: 0, orphans: 0 })
    expect(await services.people.identityOf(open)).not.toBeNull()
    const runs = await store.intake.retention.runs()
    expect(runs.map((it) => it.duty).toSorted()).toEqual(
      ['codes', 'mailbox', 'orphans', 'originals', 'pages', 'person', 'replies', 'tasks', 'tokens'].toSorted(),
    )
    expect(runs.every((it) => it.ranAt === clock.now())).toBe(true)
  })
})

/** Another machine with a data folder of its own over the same database; on SQLite a copy of it. */
async function openPrivacyWorldOn(world: Awaited<ReturnType<typeof openPrivacyWorld>>) {
  const { newFolder } = await import('./world.js')
  const dataDir = newFolder()
  const { databaseUrl } = world.place
  await world.close()
  copyFileSync(join(world.place.dataDir, 'keys.json'), join(dataDir, 'keys.json'))
  if (databaseUrl === null) copyFileSync(join(world.place.dataDir, 'pulih.db'), join(dataDir, 'pulih.db'))
  return openPrivacyWorld({ dataDir, databaseUrl })
}
