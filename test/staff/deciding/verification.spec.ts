import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CHECKLISTS, itemsFor } from '../../../src/staff/deciding/checklists.js'
import { pluck, rowWith } from '../../api/harness.js'
import { DecidingWorld, ITEMS, matched, type Loose } from './world.js'

const facts = { route: 'layanan_digital', cause: 'EMAIL_DAN_HP_HILANG', elevated: false, kpj: false }

describe('what has to be ticked is data (R10)', () => {
  it('depends on route, cause, risk and what was declared', () => {
    expect(itemsFor(facts)).toEqual(ITEMS)
    expect(itemsFor({ ...facts, kpj: true })).toEqual([...ITEMS, 'KPJ_COCOK'])
    expect(itemsFor({ ...facts, cause: 'DIBUAT_HR' })).toEqual([...ITEMS, 'KEPEMILIKAN_AKUN'])
    expect(itemsFor({ ...facts, route: 'kantor_cabang', elevated: true })).toEqual([
      ...ITEMS,
      'ASLI_DILIHAT',
      'WAJAH_COCOK',
      'RISIKO_DITINJAU',
    ])
  })
  it('comes in versions that grow', () => {
    expect(CHECKLISTS.map((it) => it.version)).toEqual(CHECKLISTS.map((_, n) => n + 1))
  })
})

describe('over the API', () => {
  let world: DecidingWorld
  beforeAll(async () => {
    world = await DecidingWorld.open()
  })
  afterAll(() => world.close())
  const verification = async (ticketId: string): Promise<Loose> =>
    (await world.api.get(`/v1/tickets/${ticketId}/verification`)).body

  it('items, hints that are no ticks, and ticks with who and when', async () => {
    const { ticketId } = await world.underVerification()
    const before = await verification(ticketId)
    expect(before.missing).toEqual([...ITEMS, 'KPJ_COCOK'])
    expect(pluck(before.items, 'tick').every((it) => it === null)).toBe(true)
    expect(rowWith(before.items, 'item', 'NAMA_COCOK').hint).toEqual({ verdict: 'agrees', findings: [] })
    expect(rowWith(before.items, 'item', 'KARTU_COCOK').required).toBe(false)
    await world.sent(ticketId, 'identity.verify', matched(...ITEMS, 'KPJ_COCOK'))
    const after = await verification(ticketId)
    expect([after.missing, after.identityVerified]).toEqual([[], true])
    const at = new Date(world.api.clock.now()).toISOString()
    expect(rowWith(after.items, 'item', 'KPJ_COCOK').tick).toEqual({ matched: true, by: 'agent-1', at })
    // The log has every tick, and nothing personal.
    const checked = (await world.api.store.readLog(ticketId, 0, 100)).find((it) => it.fact === 'IdentityChecked')
    expect(checked?.event).toEqual({ type: 'identity.verify', ...matched(...ITEMS, 'KPJ_COCOK') })
  })

  it('A34 identity.verify is refused while items of the policy are missing; what the system compared does not help', async () => {
    const { ticketId } = await world.underVerification({ cause: 'DIBUAT_HR' })
    const { status, code, body } = await world.refused(ticketId, 'identity.verify', matched(...ITEMS))
    expect([status, code]).toEqual([422, 'CHECKLIST_INCOMPLETE'])
    expect(pluck(body['reasons'], 'code')).toEqual(['KPJ_COCOK', 'KEPEMILIKAN_AKUN'])
    await world.sent(ticketId, 'identity.verify', matched(...ITEMS, 'KPJ_COCOK', 'KEPEMILIKAN_AKUN'))
  })

  it('a mismatch needs no whole list, and undoes nothing but the verdict', async () => {
    const { ticketId } = await world.underVerification()
    const checklist = [{ item: 'NAMA_COCOK', matched: false }]
    await world.sent(ticketId, 'identity.verify', { verdict: 'mismatched', checklist })
    expect(await verification(ticketId)).toMatchObject({ identityVerified: false })
    expect(rowWith((await verification(ticketId))['items'], 'item', 'NAMA_COCOK').tick.matched).toBe(false)
    const rest = matched('KTP_COCOK', 'NIK_COCOK', 'TANGGAL_LAHIR_COCOK', 'KPJ_COCOK')
    expect((await world.refused(ticketId, 'identity.verify', rest)).code).toBe('CHECKLIST_INCOMPLETE')
    await world.sent(ticketId, 'identity.verify', matched(...ITEMS, 'KPJ_COCOK'))
  })

  it('risk that comes later adds an item: what was verified is not proposed until it is ticked too', async () => {
    const { ticketId } = await world.underVerification()
    await world.sent(ticketId, 'identity.verify', matched(...ITEMS, 'KPJ_COCOK'))
    await world.sent(ticketId, 'risk.elevate', { reason: 'POLA_MENCURIGAKAN' })
    expect(await verification(ticketId)).toMatchObject({ missing: ['RISIKO_DITINJAU'], identityVerified: true })
    expect((await world.refused(ticketId, 'approval.propose')).code).toBe('CHECKLIST_INCOMPLETE')
    await world.sent(ticketId, 'identity.verify', matched('RISIKO_DITINJAU'))
    await world.sent(ticketId, 'approval.propose')
  })

  it('corrected data are other data: every tick is gone', async () => {
    const { ticketId, token } = await world.underVerification()
    await world.sent(ticketId, 'identity.verify', matched(...ITEMS, 'KPJ_COCOK'))
    await world.sent(ticketId, 'correction.request', { reason: 'NAMA_BERBEDA' })
    const fixed = await world.filer(token, 'POST', '/v1/pengaduan/corrections', { identity: { name: 'Nama Benar' } })
    expect(fixed.status, fixed.text).toBe(200)
    await world.tasks.runDue()
    expect(await verification(ticketId)).toMatchObject({ missing: [...ITEMS, 'KPJ_COCOK'], identityVerified: false })
    const hint = rowWith((await verification(ticketId))['items'], 'item', 'NAMA_COCOK').hint
    expect([hint.verdict, pluck(hint.findings, 'code')]).toEqual(['differs', ['name_differs']])
  })

  it('A50 what only a desk can answer is not proposed from afar: a minor, somebody who died', async () => {
    const { ticketId } = await world.underVerification({}, 'deceased')
    const items = matched(...ITEMS, 'KPJ_COCOK', 'RISIKO_DITINJAU')
    await world.sent(ticketId, 'identity.verify', items)
    const { status, code, body } = await world.refused(ticketId, 'approval.propose')
    expect([status, code, pluck(body['reasons'], 'code')]).toEqual([409, 'BRANCH_REQUIRED', ['deceased']])
  })

  it('reasons are codes of a list with words; anything else is refused and nothing of it is kept', async () => {
    const { items } = (await world.api.get('/v1/reasons')).body as { items: { event: string; reasons: Loose[] }[] }
    for (const { reasons } of items)
      for (const { code, text } of reasons) expect([text.id, text.en], String(code)).not.toContain(code)
    const { ticketId } = await world.underVerification()
    for (const [event, payload] of [
      ['correction.request', { reason: 'SITI_RAHMAWATI' }],
      ['documents.request', { documents: [{ kind: 'KTP', reason: 'SITI_RAHMAWATI' }] }],
      ['branch.refer', { officeId: 'cabang-jakarta', reason: 'SITI_RAHMAWATI' }],
    ] as const)
      expect((await world.refused(ticketId, event, payload)).code).toBe('REASON_UNKNOWN')
    await world.sent(ticketId, 'documents.request', { documents: [{ kind: 'SURAT_HRD', reason: 'BUKTI_KEPEMILIKAN' }] })
  })

  it('R41 R50 a KPJ is traced for a verified person only; the officer sees it masked, the table a code', async () => {
    const { ticketId, participant } = await world.underVerification({}, 'severalCards')
    const path = `/v1/tickets/${ticketId}/kpj-trace`
    const early = await world.post(path, {})
    expect([early.status, early.body.code]).toEqual([409, 'IDENTITY_UNVERIFIED'])
    await world.sent(ticketId, 'identity.verify', matched(...ITEMS, 'KPJ_COCOK', 'RISIKO_DITINJAU'))
    const traced = await world.post(path, {})
    expect([traced.status, traced.body.result]).toEqual([200, 'SEVERAL'])
    expect(traced.body.cards).toHaveLength(participant.cards.length)
    for (const { kpj } of participant.cards) expect(traced.text).not.toContain(kpj)
    const [row] = await world.api.store.intake.deciding.tracesOf(ticketId)
    expect(row).toMatchObject({ result: 'SEVERAL', cards: participant.cards.length, actorId: 'agent-1' })
    expect((await world.post(path, {}, 'auditor')).status).toBe(403)
  })

  it('a sealed note is read on the status page, and is in no mail, log or outbox row', async () => {
    const { ticketId, token, identity } = await world.underVerification()
    const text = `Ibu ${identity.name}, KTP yang Anda kirim terpotong <b>.`
    const path = `/v1/tickets/${ticketId}/notes`
    expect((await world.post(path, { text })).status).toBe(201)
    expect(pluck((await world.status(token))['notes'], 'text')).toEqual([text])
    expect((await world.post(path, { text: 'Buka https://jahat.example' })).status).toBe(422)
    expect((await world.post(path, { text }, 'auditor')).status).toBe(403)
    const [row] = await world.api.store.intake.deciding.notesOf(ticketId)
    expect(row?.sealed).not.toContain(identity.name)
    const kept = JSON.stringify([
      await world.api.store.readLog(ticketId, 0, 100),
      await world.api.store.outboxOf(ticketId),
      world.api.log,
    ])
    expect(kept).not.toContain(identity.name)
  })
})
