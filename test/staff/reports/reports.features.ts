import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reportNamed, reportCsv, REPORTS } from '../../../src/staff/reports/index.js'
import { nearestRank } from '../../../src/staff/reports/shaping.js'
import type { Principal } from '../../../src/staff/principal.js'
import { newKey, rowWith, startHarness, type Harness, HOUR, MINUTE } from '../../api/harness.js'
import { keyOf } from '../../support/world.js'

const DAY = 24 * HOUR
const WEEKS = 'from=2026-11-01&until=2026-12-31'
type Row = Readonly<Record<string, string | number | null>>

/** What reports promise on every database. `url` null: SQLite. */
export function reportFeatures(name: string, url: () => Promise<string | null>): void {
  describe(`reports on ${name}`, () => {
    let api: Harness
    let late: string
    /** Before the last of it happened. */
    let earlier: number
    beforeAll(async () => {
      const databaseUrl = await url()
      api = await startHarness(databaseUrl === null ? {} : { databaseUrl })
      const intime = await api.underVerification()
      const waiting = await api.underVerification()
      late = await api.underVerification()
      const documents = [{ kind: 'KTP', reason: 'FOTO_BURAM' }]
      const asked = await api.send(waiting, 'documents.request', { as: 'agent', payload: { documents } })
      expect(asked.status, asked.text).toBe(200)
      await pass(2 * HOUR)
      await reject(intime)
      const upload = { kind: 'KTP', ref: 'doc_scan-ktp', sha256: 'a'.repeat(64) }
      await api.send(waiting, 'documents.upload', { payload: { documents: [upload] } })
      await pass(2 * DAY)
      earlier = api.clock.now()
      await pass(5 * DAY)
      await reject(late)
      const again = await api.send(intime, 'reopen')
      expect(again.status, again.text).toBe(200)
    })
    afterAll(() => api.close())

    const reject = async (id: string) => {
      const answer = await api.send(id, 'reject', { as: 'agent', payload: { code: 'BUKAN_PEMILIK' } })
      expect(answer.status, answer.text).toBe(200)
    }
    /** Time goes on, and no timer is rung: what is late is late all the same. */
    const pass = (ms: number) => {
      api.clock.advance(ms)
      return Promise.resolve()
    }
    const report = async (what: string, query = WEEKS) => {
      const answer = await api.get(`/v1/reports/${what}?${query}`, 'auditor')
      expect(answer.status, answer.text).toBe(200)
      return answer.body as { rows: Row[]; complete: boolean }
    }
    const instantOf = (at: number) => new Date(at).toISOString()

    it('count every promise once, where and on the day it was decided', async () => {
      const { rows, complete } = await report('attainment')
      expect(complete).toBe(true)
      const first = rows.filter((it) => it['target'] === 'firstReview')
      expect(first).toMatchObject([
        {
          day: '2026-11-23',
          officeId: 'pusat',
          route: 'layanan_digital',
          policy: 'pengaduan@1',
          met: 3,
          attainment: 1,
        },
      ])
      const resolution = rows.filter((it) => it['target'] === 'resolution')
      const total = (column: string) => resolution.reduce((sum, it) => sum + Number(it[column]), 0)
      expect(['met', 'metLate', 'breached', 'void'].map(total)).toEqual([1, 1, 1, 0])
    })

    it('say the same of an instant whenever they are asked, also after their timers have rung', async () => {
      const query = `${WEEKS}&asOf=${instantOf(earlier)}`
      const before = await Promise.all(REPORTS.map((it) => report(it.name, query)))
      const resolution = before[0]!.rows.filter((it) => it['target'] === 'resolution')
      expect(resolution).toMatchObject([{ day: '2026-11-23', met: 1, metLate: 0, breached: 0 }])
      for (const timer of await api.store.pendingTimers(api.clock.now(), 500, null))
        await api.engine.deliverTimer(keyOf(timer))
      await api.deps.services.ledger.rebuild()
      expect(await Promise.all(REPORTS.map((it) => report(it.name, query)))).toEqual(before)
    })

    it('count arrivals, closes, ages, handling, reopening and pauses', async () => {
      const flow = (await report('flow')).rows
      expect(flow.reduce((sum, it) => sum + Number(it['filed']), 0)).toBe(3)
      expect(flow.reduce((sum, it) => sum + Number(it['closed']), 0)).toBe(2)
      expect((await report('ageing')).rows).toMatchObject([
        { age: '00-00', tickets: 1 },
        { age: '07-13', tickets: 1 },
      ])
      const [handling] = (await report('handling')).rows
      expect(handling).toMatchObject({ officeId: 'pusat', closed: 2 })
      expect(Number(handling!['p50'])).toBeLessThan(Number(handling!['p90']))
      expect((await report('quality')).rows).toMatchObject([
        { closed: 2, reopened: 1, objections: 0, reopenRate: 0.5, objectionRate: 0 },
      ])
      const pause = rowWith((await report('pauses')).rows, 'cause', 'documentsRequested') as Row
      expect(pause).toMatchObject({ target: 'resolution', count: 1, minutes: 120 })
      expect((await report('load')).rows).toEqual([
        { officeId: 'pusat', staffId: 'agent-1', acts: 6, ticketDays: 4, days: 2 },
      ])
    })

    it('ask supervisors why a promise was broken, and count what they say; the first word stands', async () => {
      const at = `/v1/tickets/${late}/breach-reasons`
      const say = (body: object, as: 'supervisor' | 'agent' = 'supervisor') =>
        api.request('POST', at, { as, body, headers: { 'idempotency-key': newKey() } })
      expect((await api.get(at, 'supervisor')).body.items).toMatchObject([{ target: 'resolution', reason: null }])
      const reason = { target: 'resolution', reason: 'BEBAN_KERJA' }
      expect((await say(reason, 'agent')).status).toBe(403)
      expect((await say({ target: 'firstReview', reason: 'BEBAN_KERJA' })).body.code).toBe('NOT_FOUND')
      expect((await say({ target: 'resolution', reason: 'Bp. Budi sakit' })).body.code).toBe('VALIDATION_FAILED')
      const said = await say(reason)
      expect([said.status, said.body.reason.code, said.body.cycle]).toEqual([201, 'BEBAN_KERJA', 1])
      expect((await say(reason)).body).toEqual(said.body)
      expect((await say({ ...reason, reason: 'TERLEWAT' })).body.code).toBe('CONFLICT')
      expect((await report('breaches')).rows).toEqual([
        { officeId: 'pusat', route: 'layanan_digital', target: 'resolution', reason: null, count: 1 },
        { officeId: 'pusat', route: 'layanan_digital', target: 'resolution', reason: 'BEBAN_KERJA', count: 1 },
      ])
      const audited = await api.get('/v1/audit?action=breach.explain', 'auditor')
      expect(audited.body.items).toMatchObject([{ actorId: 'supervisor-1', ticketId: late }])
    })

    it('A37 exports CSV in which no cell is a formula, and the export is on record', async () => {
      const answer = await api.get(`/v1/reports/attainment/csv?${WEEKS}`, 'supervisor')
      expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8')
      expect(answer.headers.get('content-disposition')).toBe(
        'attachment; filename="attainment-2026-11-01-2026-12-31.csv"',
      )
      const lines = answer.text.replace('\uFEFF', '').split('\r\n')
      expect(lines[0]).toBe('day,officeId,route,policy,target,met,metLate,breached,void,attainment')
      expect(lines[1]).toMatch(/^2026-11-23,pusat,layanan_digital,pengaduan@1,firstReview,3,0,0,0,1$/)
      expect(lines.at(-1)).toBe('')
      const load = reportNamed('load')!
      const evil = ['=HYPERLINK("http://x.test","y")', '+1', '-1+1|cmd', '@SUM(A1)', '\t=1', '\r=1', 'a,"b"\n=c']
      const sheet = reportCsv(
        load,
        evil.map((staffId) => ({ officeId: 'pusat', staffId, acts: 1, ticketDays: -1, days: null })),
      )
      const cells = sheet.split('\r\n').slice(1, -1)
      expect(cells[0]).toBe(`pusat,"'=HYPERLINK(""http://x.test"",""y"")",1,-1,`)
      // What a spreadsheet reads: a number is one of ours, any other cell begins with nothing that it would run.
      for (const cell of cellsOf(sheet.slice(1))) if (!/^-?\d+$/.test(cell)) expect(cell).not.toMatch(/^[=+\-@\t\r]/)
      expect(sheet.startsWith('\uFEFFofficeId,')).toBe(true)
      const audited = await api.get('/v1/audit?action=report.export', 'auditor')
      expect(audited.body.items).toMatchObject([
        { actorId: 'supervisor-1', subject: 'attainment', detail: { from: '2026-11-01', offices: null } },
      ])
    })

    it('show nobody the offices they do not answer for', async () => {
      const [route] = api.routes.filter((it) => it.operationId === 'getReport')
      const tuti: Principal = {
        ...{ id: 'tuti', via: 'session', scopes: null, sessionId: null, steppedUpAt: null },
        grants: [
          { role: 'agent', officeId: 'pusat' },
          { role: 'supervisor', officeId: 'cabang-makassar' },
        ],
      }
      const ask = async (query: object, principal: Principal) => {
        const transport = { ip: '', method: 'GET', path: '', header: () => undefined, accepts: () => undefined }
        const actor = { id: principal.id, role: 'supervisor' as const }
        const call = { actor, principal, filed: null, params: { name: 'attainment' }, query, body: {}, upload: null }
        const reply = await route!.handle({ ...call, ...transport })
        return (reply.body as { json: { rows: Row[] } }).json.rows
      }
      const span = { from: '2026-11-01', until: '2026-12-31' }
      expect(await ask(span, tuti)).toEqual([])
      await expect(ask({ ...span, office: 'pusat' }, tuti)).rejects.toMatchObject({ code: 'NOT_FOUND' })
      const all = { ...tuti, grants: [{ role: 'supervisor' as const, officeId: null }] }
      expect((await ask({ ...span, office: 'pusat' }, all)).length).toBeGreaterThan(1)
      expect(await ask({ ...span, office: 'cabang-makassar' }, all)).toEqual([])
    })

    it('refuse what is none: names, days, the future, and who may not read them', async () => {
      const code = async (path: string, as: 'supervisor' | 'agent' = 'supervisor') =>
        ((await api.get(path, as)).body as { code: string }).code
      expect(await code('/v1/reports/ranking')).toBe('NOT_FOUND')
      expect(await code('/v1/reports/flow', 'agent')).toBe('ROLE_NOT_ALLOWED')
      expect(await code('/v1/reports/flow?from=2026-13-01')).toBe('VALIDATION_FAILED')
      expect(await code('/v1/reports/flow?from=2024-01-01&until=2026-01-01')).toBe('VALIDATION_FAILED')
      expect(await code(`/v1/reports/flow?asOf=${instantOf(api.clock.now() + MINUTE)}`)).toBe('VALIDATION_FAILED')
      const list = await api.get('/v1/reports', 'auditor')
      expect(list.body.items).toHaveLength(REPORTS.length)
    })

    it('serve notices to whoever is signed in, with a read mark of their own', async () => {
      await api.store.escalation.addNotice({
        ...{ id: `${late}-1-a`, ticketId: late, kind: 'escalated', target: 'resolution', threshold: 'ladder1' },
        ...{ role: 'supervisor', officeId: 'pusat', agentId: null, at: earlier, visibleAt: earlier },
      })
      const mine = await api.get('/v1/notices?unread=true', 'supervisor')
      expect(mine.body).toMatchObject({ unread: 1, items: [{ ticketId: late, to: 'supervisor', readAt: null }] })
      expect((await api.get('/v1/notices', 'agent')).body).toEqual({ items: [], next: null, unread: 0 })
      const read = (as: 'supervisor' | 'agent') => api.request('POST', `/v1/notices/${late}-1-a/read`, { as, body: {} })
      expect((await read('agent')).body.code).toBe('NOT_FOUND')
      expect((await read('supervisor')).status).toBe(204)
      expect((await api.get('/v1/notices', 'supervisor')).body).toMatchObject({ unread: 0 })
      expect((await api.get('/v1/notices', 'admin')).status).toBe(403)
    })
  })

  describe('percentiles', () => {
    it('are values that occurred', () => {
      const histogram = [
        { minutes: 30, count: 1 },
        { minutes: 10, count: 8 },
        { minutes: 90, count: 1 },
      ]
      expect([0.5, 0.9, 1].map((share) => nearestRank(histogram, share))).toEqual([10, 30, 90])
      expect(nearestRank([], 0.5)).toBeNull()
    })
  })
}

/** Every cell of a sheet, as RFC 4180 reads it. */
const cellsOf = (sheet: string): readonly string[] =>
  [...sheet.matchAll(/("(?:[^"]|"")*"|[^,\r\n]*)(?:,|\r\n)/g)].map(([, cell = '']) =>
    cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell,
  )
