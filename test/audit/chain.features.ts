import { createPublicKey } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Store } from '../../db/index.js'
import { createCheckpoints, fileWitness, readCheckpoints } from '../../src/audit/checkpoints.js'
import { exportAudit } from '../../src/audit/exporting.js'
import { hashOf } from '../../src/audit/link.js'
import { createSealer } from '../../src/audit/sealer.js'
import { ed25519Signer, privateKeyOf, readPublicKey } from '../../src/audit/signing.js'
import { verifyAudit, type AuditReport } from '../../src/audit/verify.js'
import type { AuditFact } from '../../src/audit/types.js'
import { createAuditWriter } from '../../src/audit/writer.js'
import { filing, idOf, MONDAY, step, ticketRow } from '../db/rows.js'

/** A store to try; `tamper` writes past every guard, as somebody with the database's own password would. */
export interface Made {
  readonly store: Store
  /** Another process's connections to the same database; null where there can be none. */
  readonly second: (() => Promise<Store>) | null
  tamper(...statements: readonly string[]): Promise<void>
  /** The same statement with the guards in place; gives what the database says. */
  attempt(statement: string): Promise<string>
  dispose(): Promise<void>
}

const fact = (n: number, over: object = {}) => ({
  ...{ at: MONDAY + n, actorId: 'agent-1', actorRole: 'agent', action: 'person.reveal' },
  ...{ ticketId: idOf(n), detail: { fields: ['nik', 'name'], reason: 'IDENTITY_CHECK' } },
  ...over,
})
const clock = { at: MONDAY, now: () => clock.at }
const key = privateKeyOf(Buffer.alloc(32, 7))
const publicKey = createPublicKey(key.export({ type: 'pkcs8', format: 'pem' }))
const whats = ({ problems }: AuditReport) => problems.map((it) => it.what)

export function auditContract(name: string, make: () => Promise<Made>, { shared }: { shared: boolean }): void {
  describe(name, () => {
    let made: Made
    let store: Store
    let folder: string
    beforeEach(async () => {
      clock.at = MONDAY
      made = await make()
      store = made.store
      folder = await mkdtemp(join(tmpdir(), 'pulih-audit-'))
    })
    afterEach(async () => {
      await made.dispose()
      await rm(folder, { recursive: true, force: true })
    })
    const file = () => join(folder, 'checkpoints.jsonl')
    const verify = () => verifyAudit({ store: store.audit })
    const recordSome = async (count: number, from = 0) => {
      const writer = createAuditWriter(store.audit)
      for (let n = from; n < from + count; n++) await writer.record(fact(n))
    }
    const signed = () =>
      createCheckpoints({
        store: store.audit,
        clock,
        signer: () => ed25519Signer(key),
        witnesses: [fileWitness(file())],
      })
    const seal = () => createSealer({ store: store.audit, clock }).seal()
    const commit = async (...numbers: readonly number[]) => {
      const outcomes = await store.commit(numbers.map((n) => filing(n)))
      expect(outcomes.every((it) => it.ok)).toBe(true)
    }

    it('R-AUD-1 every entry covers the one before it, and an untouched chain verifies', async () => {
      const writer = createAuditWriter(store.audit)
      await Promise.all(Array.from({ length: 700 }, (_, n) => writer.record(fact(n))))
      const rows = await store.audit.entries(0, 1_000)
      expect(rows.map((it) => it.position)).toEqual(Array.from({ length: 700 }, (_, n) => n + 1))
      expect(rows[0]?.prevHash).toBe('0'.repeat(64))
      for (const [n, row] of rows.entries()) {
        expect(row.hash).toBe(hashOf(row))
        if (n > 0) expect(row.prevHash).toBe(rows[n - 1]?.hash)
      }
      const report = await verify()
      expect(report).toMatchObject({ entries: 700, problems: [], head: { position: 700 } })
      expect(report.notes.join()).toContain('an end that was cut off cannot be found')
    })

    it('R-AUD-1 the database refuses to change, delete or misplace an entry, and to empty the table', async () => {
      await recordSome(2)
      expect(await made.attempt(`UPDATE audit_entries SET actor_id = 'x' WHERE position = 1`)).toContain('append_only')
      expect(await made.attempt(`DELETE FROM audit_entries WHERE position = 2`)).toContain('append_only')
      const [row] = await store.audit.entries(1, 1)
      const again = `INSERT INTO audit_entries (position, at, actor_id, actor_role, action, detail, prev_hash, hash)
        VALUES (4, 1, 'x', 'x', 'x.y', '{}', '${row?.hash ?? ''}', 'h')`
      expect(await made.attempt(again)).toContain('one_chain')
      expect(await made.attempt(again.replace('(4,', '(3,').replace(row?.hash ?? '', 'f'.repeat(64)))).toContain(
        'one_chain',
      )
      expect((await verify()).problems).toEqual([])
    })

    it('A43 a field that was edited past the guards: verify names the entry', async () => {
      await recordSome(5)
      await made.tamper(`UPDATE audit_entries SET actor_id = 'agent-2' WHERE position = 3`)
      expect(whats(await verify())).toEqual(['entry 3 is not as it was written'])
      await made.tamper(`UPDATE audit_entries SET actor_id = 'agent-1' WHERE position = 3`)
      expect(whats(await verify())).toEqual([])
    })

    it('A43 an entry that was deleted from the middle is missed', async () => {
      await recordSome(6)
      await made.tamper(`DELETE FROM audit_entries WHERE position = 4`)
      expect(whats(await verify())).toEqual(['entry 4 is gone'])
      await made.tamper(`DELETE FROM audit_entries WHERE position < 3`)
      expect(whats(await verify())).toEqual(['entries 1 to 2 are gone', 'entry 4 is gone'])
    })

    it('A43 two entries that were swapped are both named', async () => {
      await recordSome(5)
      await made.tamper(
        `UPDATE audit_entries SET position = 99 WHERE position = 2`,
        `UPDATE audit_entries SET position = 2 WHERE position = 3`,
        `UPDATE audit_entries SET position = 3 WHERE position = 99`,
      )
      const { problems } = await verify()
      const found = problems.map((it) => it.what)
      expect(found).toContain('entry 2 is not as it was written')
      expect(found).toContain('entry 3 is not as it was written')
    })

    it('A43 an entry that was put in: those behind it had to move, and no longer fit', async () => {
      await recordSome(4)
      await made.tamper(
        `UPDATE audit_entries SET position = 15 WHERE position = 4`,
        `UPDATE audit_entries SET position = 14 WHERE position = 3`,
        `UPDATE audit_entries SET position = 5 WHERE position = 15`,
        `UPDATE audit_entries SET position = 4 WHERE position = 14`,
        `INSERT INTO audit_entries (position, at, actor_id, actor_role, action, detail, prev_hash, hash)
         SELECT 3, at, 'x', 'agent', 'x.y', '{}', hash, '${'a'.repeat(64)}' FROM audit_entries WHERE position = 2`,
      )
      const found = whats(await verify())
      expect(found).toContain('entry 3 is not as it was written')
      expect(found).toContain('entry 4 does not continue entry 3')
    })

    it('A43 R-AUD-2 an end that was cut off is found by a signed checkpoint alone, and verify says so', async () => {
      await recordSome(5)
      await signed().sign('now')
      await made.tamper(`DELETE FROM audit_entries WHERE position > 3`, `DELETE FROM audit_checkpoints`)
      const blind = await verify()
      expect(blind.problems).toEqual([])
      expect(blind.notes.join()).toContain('no checkpoints were given')
      const checkpoints = await readCheckpoints(file())
      const told = await verifyAudit({ store: store.audit, checkpoints, publicKey })
      expect(whats(told)).toEqual([
        'the chain ends at entry 3, and entry 5 was signed: its end was cut off, or an older backup was restored',
      ])
      expect(told.notes).toEqual([])
    })

    it('R-AUD-2 a whole chain that was written anew does not have the hash that was signed', async () => {
      await recordSome(3)
      await signed().sign('now')
      await made.tamper(`DELETE FROM audit_entries`, `DELETE FROM audit_checkpoints`)
      await recordSome(3, 40)
      expect((await verify()).problems).toEqual([])
      const checkpoints = await readCheckpoints(file())
      const told = await verifyAudit({ store: store.audit, checkpoints, publicKey })
      expect(whats(told)).toEqual(['entry 3 is another than the one that was signed'])
    })

    it('R-AUD-2 a checkpoint that was forged, or signed with another key, is not believed', async () => {
      await recordSome(3)
      const checkpoint = await signed().sign('now')
      const [line] = await readCheckpoints(file())
      expect(line).toEqual(checkpoint)
      const report = (it: object, by = publicKey) =>
        verifyAudit({ store: store.audit, checkpoints: [{ ...line!, ...it }], publicKey: by })
      expect(whats(await report({}))).toEqual([])
      expect(whats(await report({ position: 900 }))).toEqual(['the checkpoint at entry 900 is not as it was signed'])
      const other = readPublicKey(ed25519Signer(privateKeyOf(Buffer.alloc(32, 9))).publicKey)
      expect(whats(await report({}, other))).toContain('the checkpoint at entry 3 was signed with another key')
    })

    it('R-AUD-2 a checkpoint is signed after a thousand entries or a day, and not without anything new', async () => {
      const checkpoints = signed()
      const sign = (when: 'due' | 'now') => checkpoints.sign(when)
      expect(await sign('due')).toBeNull()
      await recordSome(1)
      expect(await sign('due')).toMatchObject({ position: 1 })
      expect(await sign('now')).toBeNull()
      await recordSome(1, 1)
      expect(await sign('due')).toBeNull()
      clock.at += 86_400_000
      expect(await sign('due')).toMatchObject({ position: 2 })
      const writer = createAuditWriter(store.audit)
      await Promise.all(Array.from({ length: 1_000 }, (_, n) => writer.record(fact(n))))
      expect(await sign('due')).toMatchObject({ position: 1_002 })
      expect((await readFile(file(), 'utf8')).trim().split('\n')).toHaveLength(3)
      expect((await store.audit.checkpoints(10)).map((it) => it.position)).toEqual([1_002, 2, 1])
    })

    it("R-AUD-1 every row of the tickets' log is sealed once, also by a sealer that starts anew", async () => {
      await commit(...Array.from({ length: 600 }, (_, n) => n))
      expect(await seal()).toBe(600)
      expect(await seal()).toBe(0)
      await store.commit([step(ticketRow(1)), filing(601)])
      const sealer = createSealer({ store: store.audit, clock })
      expect(await sealer.seal()).toBe(2)
      expect(await sealer.seal()).toBe(0)
      await commit(602)
      expect(await sealer.seal()).toBe(1)
      expect(await verify()).toMatchObject({ sealed: 603, waiting: 0, problems: [] })
      await commit(603)
      expect(await verify()).toMatchObject({ sealed: 603, waiting: 1, problems: [] })
    })

    it('a long backlog is sealed in turns: everything else in the process goes on', async () => {
      await commit(...Array.from({ length: 600 }, (_, n) => n))
      let turns = 0
      const spin = (): NodeJS.Immediate =>
        setImmediate(() => {
          turns++
          spinning = spin()
        })
      let spinning = spin()
      expect(await seal()).toBe(600)
      clearImmediate(spinning)
      expect(turns).toBeGreaterThanOrEqual(2)
    })

    it('R-OPS-2 a long backlog holds up no stop: what is left is the next one’s', async () => {
      await commit(...Array.from({ length: 600 }, (_, n) => n))
      const sealer = createSealer({ store: store.audit, clock })
      expect(await sealer.seal(AbortSignal.abort())).toBeLessThan(600)
      await sealer.seal()
      expect(await verify()).toMatchObject({ problems: [] })
    })

    it('R-AUD-1 a look far back that was cut short is made again: late rows wait for nothing', async () => {
      await commit(0)
      await seal()
      const late = Array.from({ length: 600 }, (_, n) => filing(n + 1)).map((it) => ({
        ...it,
        log: it.log.map((entry) => ({ ...entry, recordedAt: entry.recordedAt - 60_000 })),
      }))
      expect((await store.commit(late)).every((it) => it.ok)).toBe(true)
      const sealer = createSealer({ store: store.audit, clock })
      const first = await sealer.seal(AbortSignal.abort())
      expect(first).toBeLessThan(600)
      expect(first + (await sealer.seal())).toBe(600)
    })

    it('R-OPS-2 a seal ends however busy others are: what they log meanwhile is the next one’s', async () => {
      await commit(...Array.from({ length: 300 }, (_, n) => n))
      let passes = 0
      const busy = {
        ...store.audit,
        async extending<T>(work: Parameters<typeof store.audit.extending<T>>[0]) {
          const done = await store.audit.extending(work)
          if (++passes < 40) await commit(1_000 + passes)
          return done
        },
      }
      expect(await createSealer({ store: busy, clock }).seal()).toBeLessThan(310)
      expect(passes).toBeLessThan(5)
      await seal()
      expect(await verify()).toMatchObject({ problems: [] })
    })

    it("A43 a row of the tickets' log that was changed or deleted after its seal is named with its ticket", async () => {
      await commit(1, 2, 3)
      await seal()
      await made.tamper(
        `UPDATE ticket_log SET actor_id = 'checker-9' WHERE ticket_id = '${idOf(1)}'`,
        `DELETE FROM ticket_log WHERE ticket_id = '${idOf(2)}'`,
      )
      expect(whats(await verify())).toEqual(
        expect.arrayContaining([
          `row 1 of the log of ticket ${idOf(1)} is not as it was sealed`,
          `row 1 of the log of ticket ${idOf(2)} was sealed and is gone`,
        ]),
      )
    })

    it('R-AUD-1 A42 a claim whose process was killed before it told the chain is sealed once all the same, and its end too', async () => {
      await commit(1, 2, 3)
      const { assignments } = store.work
      const claim = (n: number) =>
        assignments.claim({
          ...{ claimId: idOf(900 + n), ticketIds: [idOf(n)], agentId: 'agent-1', byId: 'agent-1', reason: null },
          ...{ how: 'next', now: clock.at, leases: new Map([['pusat', { short: clock.at + 60_000, long: clock.at }]]) },
          ...{ wipLimit: 5, steps: [{ type: null, except: [], states: null }], releasedOnly: true, tidy: false },
          undatedMs: 0,
        })
      expect((await claim(1)).claimed?.claimId).toBe(idOf(901))
      // It ends here: what `assignment.claim` would have said, nobody says any more.
      expect(await store.audit.head()).toBeNull()
      expect((await verify()).waiting).toBe(4)
      const [one, two] = [1, 2].map(() => createSealer({ store: store.audit, clock }))
      await Promise.all([one!.seal(), two!.seal()])
      const end = { how: 'released', byId: 'agent-1', reason: null, at: clock.at + 1 }
      expect(await assignments.endAssignment(idOf(1), 'agent-1', end)).not.toBeNull()
      await claim(2)
      // One that learned of it on the way, one that begins with what the chain says, one after the other.
      for (const sealer of [two!, createSealer({ store: store.audit, clock }), one!]) await sealer.seal()
      const sealed = (await store.audit.entries(0, 100))
        .filter((it) => it.action === 'assignments.sealed')
        .flatMap((it) => it.detail['rows'] as [string, number, string][])
        .map(([id, seq]) => `${id} ${seq}`)
      expect(sealed.toSorted()).toEqual([`${idOf(901)} 1`, `${idOf(901)} 2`, `${idOf(902)} 1`])
      expect(await verify()).toMatchObject({ sealed: 6, waiting: 0, problems: [] })
      await made.tamper(
        `UPDATE assignment_log SET agent_id = 'agent-2' WHERE claim_id = '${idOf(901)}' AND fact = 'claimed'`,
        `DELETE FROM assignment_log WHERE claim_id = '${idOf(902)}'`,
      )
      expect(whats(await verify())).toEqual([
        `the beginning of claim ${idOf(901)} is not as it was sealed`,
        `the beginning of claim ${idOf(902)} was sealed and is gone`,
      ])
    })

    it('R-AUD-4 what many record at once stands in one chain without gaps', async () => {
      const writers = Array.from({ length: 8 }, () => createAuditWriter(store.audit))
      const all = writers.flatMap((it, who) => Array.from({ length: 40 }, (_, n) => it.record(fact(who * 100 + n))))
      await commit(7, 8)
      await Promise.all([...all, seal()])
      const report = await verify()
      expect(report).toMatchObject({ problems: [], sealed: 2, waiting: 0 })
      expect(report.entries).toBe(321)
    })

    it('R-AUD-3 what looks like personal data is refused before it reaches the chain', async () => {
      const writer = createAuditWriter(store.audit)
      const record = (it: object) => writer.record(it as AuditFact)
      const bad = [
        { detail: { value: '3171234567890001' } },
        { detail: { value: 3171234567890001 } },
        { detail: { value: '+628123456789' } },
        { detail: { value: 'siti@example.org' } },
        { detail: { value: 'Siti Rahmawati' } },
        { detail: { value: { nested: 'x' } } },
        { detail: { value: 628123456789 } },
        { detail: { value: '0812-3456-7890' } },
        { subject: 'siti@example.org' },
        { ticketId: '3171234567890001' },
        { action: 'Free text' },
      ]
      for (const it of bad)
        await expect(record(fact(1, it)), JSON.stringify(it)).rejects.toMatchObject({ code: 'INTERNAL' })
      expect(await store.audit.head()).toBeNull()
      const good = {
        id: idOf(3),
        sha: 'a'.repeat(64),
        until: MONDAY,
        many: ['A_B', 'cabang-1'],
        day: '2026-03-20',
        n: 12,
      }
      await record(fact(1, { detail: good }))
      expect((await store.audit.entries(0, 1))[0]?.detail).toEqual(good)
    })

    it('R-AUD-1 an export is an entry before its first line, filters, and gives lines that hash to the chain', async () => {
      await recordSome(3)
      const audit = createAuditWriter(store.audit)
      await audit.record(fact(9, { action: 'file.view', ticketId: idOf(2) }))
      const rows = []
      const parts = { store: store.audit, audit, clock }
      for await (const row of exportAudit(parts, { id: 'auditor-1', role: 'auditor' }, { ticketId: idOf(2) }))
        rows.push(row)
      expect(rows.map((it) => it.action)).toEqual(['person.reveal', 'file.view', 'audit.export'])
      for (const row of rows) expect(row.hash).toBe(hashOf(row))
    })

    // One process has a SQLite database, and its rows are numbered: whatever comes is sealed.
    if (!shared) return
    it('R-AUD-4 two processes that write in parallel keep one chain, and seal nothing twice', async () => {
      const other = await made.second!()
      try {
        const here = createAuditWriter(store.audit)
        const there = createAuditWriter(other.audit)
        const one = createSealer({ store: store.audit, clock })
        const two = createSealer({ store: other.audit, clock })
        for (let round = 0; round < 5; round++) {
          await commit(...Array.from({ length: 120 }, (_, n) => 1_000 + round * 200 + n))
          await Promise.all([
            ...Array.from({ length: 60 }, (_, n) => here.record(fact(n))),
            ...Array.from({ length: 60 }, (_, n) => there.record(fact(n))),
            one.seal(),
            two.seal(),
          ])
        }
        const report = await verify()
        expect(report).toMatchObject({ problems: [], sealed: 600, waiting: 0 })
        const rows = await store.audit.entries(0, 1_000)
        expect(rows.filter((it) => it.action === 'person.reveal')).toHaveLength(600)
      } finally {
        await other.close()
      }
    })

    it('A43 a row that was slipped into the log behind everybody is never sealed, and named', async () => {
      await commit(1, 2)
      await seal()
      clock.at += 3_600_000
      await made.tamper(
        `INSERT INTO ticket_log SELECT ticket_id, 50, at, recorded_at - 900000, fact, actor_id, actor_role, command_id,
           machine_version, policy_version, calendar, state, revision, moves, event FROM ticket_log WHERE ticket_id = '${idOf(1)}'`,
        // Time went on: what is two minutes old can no longer be waiting.
        `INSERT INTO ticket_log SELECT ticket_id, 51, at, recorded_at + 3600000, fact, actor_id, actor_role, command_id,
           machine_version, policy_version, calendar, state, revision, moves, event FROM ticket_log WHERE ticket_id = '${idOf(1)}' AND seq = 1`,
      )
      await seal()
      expect(whats(await verify())).toEqual([`row 50 of the log of ticket ${idOf(1)} was never sealed`])
    })
  })
}
