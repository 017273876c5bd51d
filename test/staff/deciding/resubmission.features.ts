import { afterAll, beforeAll, expect, it } from 'vitest'
import { pluck, rowWith } from '../../api/harness.js'
import { HOUR, ITEMS, matched, MINUTE, type DecidingWorld } from './world.js'

const DAY = 24 * HOUR

/** A no, and the way back from it; on either database. */
export function resubmissionFeatures(open: () => Promise<DecidingWorld>): void {
  let world: DecidingWorld
  beforeAll(async () => {
    world = await open()
  }, 120_000)
  afterAll(() => world.close())

  const rejected = async (code: string) => {
    const filed = await world.underVerification()
    await world.sent(filed.ticketId, 'identity.verify', matched(...ITEMS, 'KPJ_COCOK'))
    await world.sent(filed.ticketId, 'reject', { code })
    return filed
  }
  const resubmit = (token: string, body: unknown = {}) => world.filer(token, 'POST', '/v1/pengaduan/resubmission', body)

  it('R05 D22 put right and submitted again: what was entered is kept, contacts are proven anew, the officer begins anew', async () => {
    const { ticketId, token, identity, contacts } = await rejected('DATA_TIDAK_LENGKAP')
    const status = await world.status(token)
    expect([status['reason'].code, status['outcome'].code]).toEqual(['DATA_TIDAK_LENGKAP', 'DITOLAK'])
    const fresh = world.contacts()
    const again = await resubmit(token, { identity: { name: 'Nama Sesuai KTP' }, contacts: { email: fresh.email } })
    expect([again.status, again.body.state], again.text).toEqual([200, 'reopened'])
    const { people } = world.api.deps.services
    const declared = await people.identityOf(ticketId)
    expect(declared?.identity).toEqual({ ...identity, name: 'Nama Sesuai KTP' })
    const kept = await people.contactsOf(ticketId)
    expect(kept.map((it) => [it.channel, it.address, it.proven]).toSorted()).toEqual([
      ['email', fresh.email, false],
      ['phone', contacts.phone.replace(/^0/, '+62').replaceAll(' ', ''), false],
    ])
    await world.after(MINUTE)
    await world.proveBoth(token)
    await world.after(MINUTE)
    expect(await world.stateOf(ticketId)).toBe('submitted')
    const context = (await world.api.store.findTicket(ticketId))?.snapshot.context
    expect(context).toMatchObject({ identityVerified: false, maker: null, checker: null, cycle: 2 })
    await world.sent(ticketId, 'verification.start')
    const { body } = await world.api.get(`/v1/tickets/${ticketId}/verification`)
    expect(body.missing).toEqual([...ITEMS, 'KPJ_COCOK'])
    expect((await world.api.store.intake.people.findMatch(ticketId))?.identityVersion).toBe(2)
  })

  it('the same request again is the same reopening; nothing is changed twice', async () => {
    const { ticketId, token } = await rejected('DOKUMEN_TIDAK_SAH')
    const headers = { authorization: `Bearer ${token}`, 'idempotency-key': '"resubmit-once"' }
    const once = () =>
      world.api.request('POST', '/v1/pengaduan/resubmission', {
        as: null,
        body: { identity: { name: 'Satu Kali' } },
        headers,
      })
    const [first, second] = [await once(), await once()]
    expect(second.body).toEqual(first.body)
    expect(second.headers.get('idempotent-replayed')).toBe('true')
    expect((await world.api.deps.services.people.identityOf(ticketId))?.version).toBe(2)
  })

  it('R48 no participant is an outcome of its own, with what to do', async () => {
    const { token } = await rejected('BUKAN_PESERTA')
    const { outcome } = await world.status(token)
    expect(outcome.code).toBe('BUKAN_PESERTA')
    expect(outcome.text.id).toContain('bukan penolakan')
    expect(outcome.text.id).toMatch(/HRD.*175.*kantor cabang/)
  })

  it('A34 never while it is open, after the window, or after erasure; wrong fields change nothing', async () => {
    const open = await world.submitted()
    expect((await resubmit(open.token)).body.code).toBe('EVENT_NOT_ALLOWED')
    const { ticketId, token } = await rejected('IDENTITAS_TIDAK_COCOK')
    const wrong = await resubmit(token, { identity: { nik: '123' }, contacts: { phone: '021 555' } })
    expect([wrong.status, wrong.body.code]).toEqual([422, 'VALIDATION_FAILED'])
    expect(await world.stateOf(ticketId)).toBe('rejected')
    expect((await world.api.deps.services.people.identityOf(ticketId))?.version).toBe(1)
    const erased = await rejected('IDENTITAS_TIDAK_COCOK')
    const noted = await world.post(`/v1/tickets/${erased.ticketId}/notes`, { text: 'Catatan untuk Anda.' })
    expect(noted.status).toBe(201)
    await world.api.deps.services.care.erasure.erase(erased.ticketId, 'permintaan')
    // A note is the person's as well: it goes with them.
    expect(await world.api.store.intake.deciding.notesOf(erased.ticketId)).toEqual([])
    expect((await resubmit(erased.token)).status).toBe(401)
    await world.after(30 * DAY + MINUTE)
    expect((await resubmit(token, { identity: { name: 'Terlambat' } })).body.code).toBe('EVENT_NOT_ALLOWED')
    expect((await world.api.deps.services.people.identityOf(ticketId))?.version).toBe(1)
  })

  it('A42 R49 R08 records that differ: one ticket goes to a branch, with a longer promise whose reason is told, and a page to print', async () => {
    const { ticketId, token, identity } = await world.underVerification()
    const number = (await world.api.store.findTicket(ticketId))?.ticketNumber
    const version = (await world.api.store.findTicket(ticketId))?.contentVersion
    const path = `/v1/tickets/${ticketId}/mismatch`
    const body = { officeId: 'cabang-jakarta', differing: ['NAMA_COCOK'] }
    expect((await world.post(path, body)).body.code).toBe('VERSION_REQUIRED')
    const headers = { 'if-match': `"v${version}"`, 'idempotency-key': '"mismatch-once"' }
    const first = await world.post(path, body, 'agent', headers)
    expect([first.status, first.body.state], first.text).toEqual([200, 'referredToBranch'])
    const again = await world.post(path, body, 'agent', headers)
    expect(again.body).toEqual(first.body)
    const facts = pluck(await world.api.store.readLog(ticketId, 0, 100), 'fact')
    expect(facts.slice(-3)).toEqual(['IdentityChecked', 'PromiseExtended', 'ReferredToBranch'])
    const status = await world.status(token)
    const extended = (status['changes'] as { reason: string; reasonLabel: { id: string } }[]).find(
      (it) => it.reason === 'extended',
    )
    expect(extended?.reasonLabel.id).toContain('berbeda dengan identitas terbaru')

    const summary = await world.api.get(`/v1/tickets/${ticketId}/branch-summary`)
    expect(summary.body).toMatchObject({
      ticketNumber: number,
      office: { officeId: 'cabang-jakarta' },
      reason: { code: 'PERBEDAAN_IDENTITAS' },
    })
    expect(pluck(summary.body.bring, 'item')).toEqual(['KTP_ASLI', 'KONTAK_AKTIF', 'KARTU_BPJSTK', 'NOMOR_KPJ'])
    const page = await world.api.get(`/v1/tickets/${ticketId}/branch-summary`, 'agent', { accept: 'text/html' })
    expect(page.headers.get('content-type')).toContain('text/html')
    expect(page.text).toContain(number)
    for (const text of [summary.text, page.text]) {
      expect(text).not.toContain(identity.nik)
      expect(text).not.toContain(identity.name)
    }
    // A42 the page to print and the notes say who it is about: looks at the case, written down like any other.
    expect((await world.post(`/v1/tickets/${ticketId}/notes`, { text: 'Bawa kartu asli.' })).status).toBe(201)
    expect((await world.api.get(`/v1/tickets/${ticketId}/notes`, 'checker')).body.items).toHaveLength(1)
    const looks = (await world.api.store.audit.entries(0, 1_000)).filter(
      (it) => it.action === 'person.open' && it.ticketId === ticketId,
    )
    expect(looks.map((it) => `${it.actorId} ${String(it.detail['view'])}`)).toEqual([
      'agent-1 summary',
      'agent-1 summary',
      'checker-1 notes',
    ])
    // Received there by somebody else: the same number, the branch's own promise, nothing ticked before counts.
    expect((await world.refused(ticketId, 'branch.arrive')).code).toBe('OWN_CASE')
    await world.sent(ticketId, 'branch.arrive', {}, 'checker')
    const there = await world.api.store.findTicket(ticketId)
    expect([there?.ticketNumber, there?.officeId, there?.route]).toEqual([number, 'cabang-jakarta', 'kantor_cabang'])
    const { body: verification } = await world.api.get(`/v1/tickets/${ticketId}/verification`)
    expect(verification.missing).toEqual([...ITEMS, 'KPJ_COCOK', 'ASLI_DILIHAT', 'WAJAH_COCOK'])
    await world.sent(ticketId, 'reject', { code: 'DATA_TIDAK_LENGKAP' })
    expect((await world.api.get(`/v1/tickets/${ticketId}/branch-summary`)).body.code).toBe('BRANCH_NOT_REFERRED')
  })

  it('R24 R46 an account that HR made: a letter is evidence, never a condition, and the page to print says so', async () => {
    const { ticketId } = await world.underVerification({ cause: 'DIBUAT_HR' })
    await world.sent(ticketId, 'documents.request', { documents: [{ kind: 'SURAT_HRD', reason: 'BUKTI_KEPEMILIKAN' }] })
    await world.sent(ticketId, 'documents.waive', { reason: 'BUKTI_CUKUP' })
    await world.sent(ticketId, 'branch.refer', { officeId: 'cabang-makassar', reason: 'PERUSAHAAN_TIDAK_KOOPERATIF' })
    const { body } = await world.api.get(`/v1/tickets/${ticketId}/branch-summary`)
    expect(body.reason.text.id).toContain('tanpa perusahaan')
    expect(rowWith(body.bring, 'item', 'SURAT_HRD')).toMatchObject({ needed: false })
  })

  it('R13 a claim that runs: advice in the receipt and on the status page, never an obstacle', async () => {
    const { token } = await world.submitted({ claimRunning: true })
    expect(pluck((await world.status(token))['advice'], 'code')).toEqual(['CLAIM_RUNNING'])
    const plain = await world.submitted()
    expect((await world.status(plain.token))['advice']).toEqual([])
  })
}
