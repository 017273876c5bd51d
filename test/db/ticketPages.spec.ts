import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openStore, type Store } from '../../db/index.js'
import type { TicketFilter, TicketOrder, TicketPage } from '../../db/types.js'
import type { TicketRow } from '../../src/engine/types.js'
import { filing, idOf, MONDAY } from './rows.js'

const TICKETS = 12_000
const STANDINGS = ['waitingOnUs', 'waitingOnParticipant', 'terminal'] as const

/** A page looks at some 5 000 rows: what a filter leaves of them may be less than a page. */
describe('pages of a long worklist', () => {
  let store: Store
  let dataDir: string
  const rows: TicketRow[] = []
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'pulih-pages-'))
    store = await openStore({ dataDir })
    for (let from = 0; from < TICKETS; from += 2_000) {
      const changes = Array.from({ length: 2_000 }, (_, i) => {
        const n = from + i
        return filing(n, {
          standing: STANDINGS[n % 5 === 0 ? 2 : n % 2]!,
          officeId: n % 4_001 === 0 ? 'cabang-jayapura' : 'pusat',
          cause: n % 3_001 === 5 ? 'HP_GANTI' : 'DATA_LAMA',
          nextDueAt: n % 3 === 0 ? null : MONDAY + ((n * 7_919) % 1_000),
          filedAt: MONDAY + (n % 100),
        })
      })
      const open = changes.map((it) => (it.ticket.standing === 'terminal' ? { ...it, timersAdded: [] } : it))
      const outcomes = await store.commit(open)
      expect(outcomes.every((it) => it.ok)).toBe(true)
      rows.push(...changes.map((it) => it.ticket))
    }
  })
  afterAll(async () => {
    await store.close()
    await rm(dataDir, { recursive: true })
  })

  const expected = (order: TicketOrder, wanted: (row: TicketRow) => boolean) => {
    const key = (row: TicketRow) => (order === 'filed' ? -row.filedAt : (row.nextDueAt ?? Infinity))
    const sign = order === 'filed' ? -1 : 1
    const byId = (a: TicketRow, b: TicketRow) => sign * (a.id < b.id ? -1 : 1)
    return rows
      .filter(wanted)
      .sort((a, b) => (key(a) === key(b) ? byId(a, b) : key(a) - key(b)))
      .map((row) => row.id)
  }
  async function walk(filter: TicketFilter, order: TicketOrder, limit: number) {
    const pages: TicketPage[] = []
    let after: TicketPage['next'] = null
    do {
      const page: TicketPage = await store.listTickets(filter, order, limit, after)
      pages.push(page)
      after = page.next
    } while (after !== null)
    return { pages: pages.length, ids: pages.flatMap((page) => page.items.map((it) => it.id)) }
  }

  const cases: [string, TicketFilter, (row: TicketRow) => boolean][] = [
    ['all', {}, () => true],
    ['a standing', { standing: 'waitingOnUs' }, (row) => row.standing === 'waitingOnUs'],
    ['a rare office', { officeId: 'cabang-jayapura' }, (row) => row.officeId === 'cabang-jayapura'],
    ['the one office seen', { offices: ['cabang-jayapura'] }, (row) => row.officeId === 'cabang-jayapura'],
    ['no office at all', { offices: [] }, () => false],
    ['an office not seen', { officeId: 'pusat', offices: ['cabang-jayapura'] }, () => false],
    [
      'a cause of a large office',
      { cause: 'HP_GANTI', officeId: 'pusat' },
      (row) => row.cause === 'HP_GANTI' && row.officeId === 'pusat',
    ],
    ['a rare cause', { cause: 'HP_GANTI' }, (row) => row.cause === 'HP_GANTI'],
    [
      'a cause of one standing',
      { cause: 'HP_GANTI', standing: 'waitingOnUs' },
      (row) => row.cause === 'HP_GANTI' && row.standing === 'waitingOnUs',
    ],
    ['nothing', { route: 'aplikasi' }, () => false],
    ['one participant', { participantRef: 'participant-77' }, (row) => row.id === idOf(77)],
  ]
  for (const order of ['due', 'filed'] as const)
    it.each(cases)(`by ${order}, of %s, walk everything once and in order`, async (_name, filter, wanted) => {
      expect((await walk(filter, order, 700)).ids).toEqual(expected(order, wanted))
    })

  it('of a filter without an index end soon, and name a next one', async () => {
    const page = await store.listTickets({ route: 'aplikasi' }, 'filed', 20, null)
    expect(page.items).toEqual([])
    expect(page.next).not.toBeNull()
    expect((await walk({ route: 'aplikasi' }, 'filed', 20)).pages).toBeLessThanOrEqual(4)
  })

  it.each(['due', 'filed'] as const)('of an office by %s come from its own index, whole', async (order) => {
    for (const filter of [{ officeId: 'cabang-jayapura' }, { offices: ['cabang-jayapura'] }]) {
      const page = await store.listTickets(filter, order, 20, null)
      expect(page.items.map((it) => it.id)).toEqual(expected(order, (row) => row.officeId === 'cabang-jayapura'))
      expect(page.next).toBeNull()
    }
  })

  it('of a large office by date of filing are as they lie', async () => {
    const found = await walk({ officeId: 'pusat' }, 'filed', 5_000)
    expect(found.ids).toEqual(expected('filed', (row) => row.officeId === 'pusat'))
    expect(found.pages).toBe(3)
  })
})

describe('rows marked in the same turn', () => {
  it('share a transaction, each stands alone, and a second mark finds nothing', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'pulih-together-'))
    const store = await openStore({ dataDir })
    try {
      await store.commit([1, 2, 3].map((n) => filing(n)))
      const mark = (n: number) => {
        const key = { ticketId: idOf(n), seq: 1 }
        return store.markDelivered(key, MONDAY, { ...key, sink: 'mailbox', body: {}, deliveredAt: MONDAY })
      }
      expect(await Promise.all([mark(1), mark(2), mark(1), mark(9), mark(3)])).toEqual([true, true, false, false, true])
      expect(await store.listDeliveries(null, null, 10)).toHaveLength(3)
      const last = mark(2)
      await store.close()
      expect(await last).toBe(false)
    } finally {
      await rm(dataDir, { recursive: true })
    }
  })
})
