import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Store } from '../../../db/types.js'
import type { BulkItem, BulkJob } from '../../../db/staff/bulk.js'
import type { IncidentRow } from '../../../db/staff/incidents.js'
import { createBulk, type Bulk, type BulkOrder } from '../../../src/staff/bulk/index.js'
import { codeOf } from '../../support/world.js'
import { openDesk, sari, worker, type WorkDesk } from '../worklist/desk.js'

const TO_BUDI = { action: 'assign', payload: { staffId: 'budi', reason: 'BEBAN_KERJA' } } as const
const ASK = {
  action: 'documents.request',
  payload: { documents: [{ kind: 'KTP', reason: 'BURAM' }] },
} as const

const INCIDENT: IncidentRow = {
  ...{ id: '20000000-0000-7000-8000-000000000001', key: 'sari:out', fingerprint: 'x', cause: 'GANGGUAN_SISTEM' },
  ...{ title: 'KODE_TERLAMBAT', fromAt: 0, untilAt: null, declaredBy: 'sari', declaredAt: 0 },
  ...{ announcedBy: null, announcedAt: null, endedBy: null, endedAt: null },
}

/** What bulk work promises on every database. */
export function bulkFeatures(name: string): void {
  describe(`bulk work on ${name}`, () => {
    let desk: WorkDesk
    let bulk: Bulk
    beforeEach(async () => {
      desk = await openDesk()
      bulk = bulkOver(desk.world.store)
      await desk.worklist.desk.saveProfile(worker('root', 'admin', null), {
        ...{ agentId: 'budi', skills: ['*'], offices: null, wipLimit: 100 },
      })
    })
    afterEach(() => desk.close())

    let number = 0
    const bulkOver = (store: Store) => {
      const { engine, clock } = desk.world
      const { worklist, parts } = desk
      return createBulk({
        ...{ store, engine, clock, worklist },
        ids: { id: () => `10000000-0000-7000-8000-${String(++number).padStart(12, '0')}` },
        audit: parts.audit,
        authority: parts.authority,
      })
    }
    const order = (given: Partial<BulkOrder> & Pick<BulkOrder, 'action' | 'payload' | 'selection'>): BulkOrder => ({
      ...{ dryRun: false, key: desk.key(), fingerprint: JSON.stringify([given.action, given.payload]) },
      ...given,
    })
    const never = new AbortController().signal
    const verdicts = async (id: string) =>
      (await bulk.items(sari, id, 0, 1_000)).map((it) => (it.code === null ? it.state : `${it.state} ${it.code}`))
    const many = async (count: number) => {
      const ids = []
      for (let n = 0; n < count; n++) ids.push((await desk.waiting()).id)
      return ids
    }

    it('judges each ticket on its own and keeps what went through', async () => {
      const [asked, withdrawn, changed, plain] = (await many(4)) as [string, string, string, string]
      const away = (await desk.waiting({ route: 'kantor_cabang', officeId: 'cabang-makassar' })).id
      await desk.world.send(withdrawn, { id: 'portal', role: 'portal' }, 'withdraw', { reason: 'SELESAI_SENDIRI' })
      const ids = [asked, withdrawn, changed, away, plain, plain]
      const { job } = await bulk.start(sari, order({ ...ASK, selection: { ids } }))
      await desk.world.send(changed, { id: 'ani', role: 'agent' }, 'risk.elevate', { reason: 'PERANGKAT_SAMA' })
      expect(await bulk.run(never)).toBe(4)
      expect(await verdicts(job.id)).toEqual([
        'done',
        'refused EVENT_NOT_ALLOWED',
        'skipped VERSION_STALE',
        'refused TICKET_NOT_FOUND',
        'done',
      ])
      expect((await desk.world.row(asked)).state).toBe('documentsRequested')
      const { job: after, tally } = await bulk.progress(sari, job.id)
      expect(after).toMatchObject({ state: 'done', total: 5 })
      expect(tally).toEqual({ done: 2, refused: 2, skipped: 1 })
      expect(desk.audited.map((it) => it.action).filter((it) => it.startsWith('bulk.'))).toEqual([
        'bulk.start',
        'bulk.end',
      ])
      expect(await desk.world.verify()).toEqual([])
    })

    it('changes nothing in a dry run, and says what would become of each', async () => {
      const [one, two] = (await many(2)) as [string, string]
      await desk.world.send(two, { id: 'portal', role: 'portal' }, 'withdraw', { reason: 'SELESAI_SENDIRI' })
      const rehearsed = await bulk.start(sari, order({ ...ASK, selection: { ids: [one, two] }, dryRun: true }))
      const assigned = await bulk.start(sari, order({ ...TO_BUDI, selection: { ids: [one, two] }, dryRun: true }))
      await bulk.run(never)
      expect(await verdicts(rehearsed.job.id)).toEqual(['done', 'refused EVENT_NOT_ALLOWED'])
      expect(await verdicts(assigned.job.id)).toEqual(['done', 'refused NOT_CLAIMABLE'])
      expect((await desk.world.row(one)).state).toBe('submitted')
      expect(await desk.world.store.work.assignments.findAssignment(one)).toBeNull()
    })

    it('freezes a filter at the start, gives one job per key, and shows it to nobody else', async () => {
      const ids = await many(3)
      const wanted = order({ ...TO_BUDI, selection: { filter: { state: 'submitted', unassigned: true } } })
      const { job } = await bulk.start(sari, wanted)
      expect(await bulk.start(sari, wanted)).toMatchObject({ replayed: true, job: { id: job.id } })
      expect(await codeOf(bulk.start(sari, { ...wanted, fingerprint: 'other' }))).toBe('IDEMPOTENCY_KEY_REUSED')
      const later = await desk.waiting()
      await bulk.run(never)
      const held = await desk.world.store.work.assignments.heldBy('budi', desk.world.clock.now())
      expect(held.map((it) => it.ticketId).toSorted()).toEqual(ids.toSorted())
      expect(await desk.world.store.work.assignments.findAssignment(later.id)).toBeNull()
      expect(await codeOf(bulk.progress(worker('other', 'supervisor'), job.id))).toBe('NOT_FOUND')
      expect(await codeOf(bulk.start(sari, order({ ...TO_BUDI, selection: { filter: { state: 'frozen' } } })))).toBe(
        'VALIDATION_FAILED',
      )
    })

    it('starts nothing that the audit cannot take', async () => {
      const ids = await many(1)
      const { engine, clock } = desk.world
      const { worklist, parts } = desk
      const audit = { record: () => Promise.reject(new Error('the chain is full')) }
      const mute = createBulk({
        ...{ store: desk.world.store, engine, clock, worklist, audit },
        ids: parts.ids,
        authority: parts.authority,
      })
      const wanted = order({ ...ASK, selection: { ids } })
      await expect(mute.start(sari, wanted)).rejects.toThrow('the chain is full')
      expect(await bulk.run(never)).toBe(0)
      expect(await bulk.start(sari, wanted)).toMatchObject({ replayed: false })
    })

    it('A45 goes on after a kill between doing an item and noting it, and does none twice', async () => {
      const ids = await many(40)
      const { job } = await bulk.start(sari, order({ ...ASK, selection: { ids } }))
      // Killed: the verdicts of the first batch never reach the database, although its events did.
      const store = desk.world.store
      const dying = bulkOver({
        ...store,
        work: {
          ...store.work,
          bulk: { ...store.work.bulk, judgeItem: () => Promise.reject(new Error('killed')) },
        },
      })
      await expect(dying.run(never)).rejects.toThrow('killed')
      expect(await bulk.run(never)).toBe(0)
      desk.world.clock.advance(60_000)
      expect(await bulk.run(never)).toBe(40)
      expect(new Set(await verdicts(job.id))).toEqual(new Set(['done']))
      for (const id of ids)
        expect((await desk.world.facts(id)).filter((it) => it === 'DocumentsRequested')).toHaveLength(1)
    })

    it('A45 lets two processes share the jobs without judging an item twice', async () => {
      const ids = await many(30)
      for (const some of [ids.slice(0, 15), ids.slice(15)])
        await bulk.start(sari, order({ ...TO_BUDI, selection: { ids: some } }))
      const other = bulkOver(desk.world.store)
      const [one, two] = await Promise.all([bulk.run(never), other.run(never)])
      expect(one + two).toBe(30)
      expect(await desk.world.store.work.assignments.heldBy('budi', desk.world.clock.now())).toHaveLength(30)
    })

    it('stops at a cancel: what was done stays, the rest is skipped', async () => {
      const ids = await many(20)
      const { job } = await bulk.start(sari, order({ ...ASK, selection: { ids } }))
      const store = desk.world.store
      let seen = 0
      const watched = bulkOver({
        ...store,
        work: {
          ...store.work,
          bulk: {
            ...store.work.bulk,
            async judgeItem(...given: [string, number, BulkItem['state'] & 'done', string | null, number]) {
              const written = await store.work.bulk.judgeItem(...given)
              if (++seen === 16) await bulk.cancel(sari, job.id)
              return written
            },
          },
        },
      })
      await watched.run(never)
      const all = await verdicts(job.id)
      expect(all.filter((it) => it === 'done')).toHaveLength(16)
      expect(all.filter((it) => it === 'skipped CANCELLED')).toHaveLength(4)
      expect((await bulk.progress(sari, job.id)).job.state).toBe('cancelled')
      for (const [n, id] of ids.entries())
        expect((await desk.world.row(id)).state).toBe(all[n] === 'done' ? 'documentsRequested' : 'submitted')
    })

    it('A26 refuses what is left when the starter loses the role meanwhile', async () => {
      const ids = await many(2)
      const { job } = await bulk.start(sari, order({ ...ASK, selection: { ids } }))
      desk.staff.delete('sari')
      await bulk.run(never)
      expect(await verdicts(job.id)).toEqual(['refused ROLE_NOT_ALLOWED', 'refused ROLE_NOT_ALLOWED'])
      expect((await desk.world.row(ids[0]!)).state).toBe('submitted')
    })

    it('A26 says of what a killed worker did that it was done, also when the starter is nobody any more', async () => {
      const ids = await many(3)
      const { incidents } = desk.world.store.work
      const incident = { ...INCIDENT, declaredAt: desk.world.clock.now(), fromAt: desk.world.clock.now() }
      await incidents.addIncident(incident)
      const link = { action: 'incident.link', payload: { incidentId: incident.id } } as const
      const move = { action: 'transfer', payload: { officeId: 'cabang-jakarta', reason: 'SALAH_KANTOR' } } as const
      const jobs: BulkJob[] = []
      for (const it of [link, TO_BUDI, move]) {
        jobs.push((await bulk.start(sari, order({ ...it, selection: { ids } }))).job)
        // Taken up in the order in which they were started.
        desk.world.clock.advance(1)
      }
      const { store } = desk.world
      // Killed when every item that is worked on at once has been done; assignments are one after the other.
      const reached = new Map<string, number>()
      const judgeItem = async (jobId: string) => {
        reached.set(jobId, (reached.get(jobId) ?? 0) + 1)
        while (jobId !== jobs[1]!.id && reached.get(jobId)! < 3) await new Promise(setImmediate)
        throw new Error('killed')
      }
      const dying = bulkOver({ ...store, work: { ...store.work, bulk: { ...store.work.bulk, judgeItem } } })
      // Each start takes the next job that nobody has, does its first items and dies.
      for (let n = 0; n < jobs.length; n++) await expect(dying.run(never)).rejects.toThrow('killed')
      desk.staff.delete('sari')
      desk.world.clock.advance(60_000)
      await bulk.run(never)
      expect(await verdicts(jobs[0]!.id)).toEqual(['done', 'done', 'done'])
      // One after the other: the first was assigned when its worker died.
      expect(await verdicts(jobs[1]!.id)).toEqual(['done', ...Array(2).fill('refused ROLE_NOT_ALLOWED')])
      expect(await verdicts(jobs[2]!.id)).toEqual(['done', 'done', 'done'])
      expect(await incidents.countLinked(incident.id)).toBe(3)
    })

    it('A19 links no ticket that another office has taken since the start', async () => {
      const [stayed, left] = (await many(2)) as [string, string]
      const { incidents } = desk.world.store.work
      const incident = { ...INCIDENT, declaredAt: desk.world.clock.now(), fromAt: desk.world.clock.now() }
      await incidents.addIncident(incident)
      const payload = { incidentId: incident.id }
      const ordered = order({ action: 'incident.link', payload, selection: { ids: [stayed, left] } })
      const { job } = await bulk.start(sari, ordered)
      const to = { officeId: 'cabang-makassar', reason: 'SALAH_KANTOR' }
      await desk.world.send(left, { id: 'sari', role: 'supervisor' }, 'office.transfer', to)
      await bulk.run(never)
      expect(await verdicts(job.id)).toEqual(['done', 'refused ROLE_NOT_ALLOWED'])
      expect(await incidents.linkedTickets(incident.id, null, 10)).toEqual([stayed])
    })

    it('moves tickets to another office, extends promises, and leaves assignments of agents to their limit', async () => {
      const [one, two, three] = (await many(3)) as [string, string, string]
      await desk.worklist.desk.saveProfile(worker('root', 'admin', null), {
        ...{ agentId: 'ani', skills: ['*'], offices: null, wipLimit: 1 },
      })
      const payload = { staffId: 'ani', reason: 'BEBAN_KERJA' }
      const full = await bulk.start(sari, order({ action: 'assign', payload, selection: { ids: [one, two] } }))
      const longer = await bulk.start(
        sari,
        order({ action: 'promise.extend', payload: { flag: 'data_tidak_sinkron' }, selection: { ids: [three] } }),
      )
      await bulk.run(never)
      expect((await verdicts(full.job.id)).toSorted()).toEqual(['done', 'refused WIP_LIMIT'])
      expect(await verdicts(longer.job.id)).toEqual(['done'])
      const { job } = await bulk.start(
        sari,
        order({
          action: 'transfer',
          payload: { officeId: 'cabang-jakarta', reason: 'SALAH_KANTOR' },
          selection: { ids: [three] },
        }),
      )
      await bulk.run(never)
      expect(await verdicts(job.id)).toEqual(['done'])
      expect((await desk.world.row(three)).officeId).toBe('cabang-jakarta')
    })
  })
}
