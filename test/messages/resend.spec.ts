import { afterAll, beforeAll, expect, it } from 'vitest'
import { messageSink } from '../../src/messages/index.js'
import { embeddedSink } from '../../src/ports/sink.js'
import { createDeliverer } from '../../src/workers/deliver.js'
import { newKey, pluck, type Person } from '../api/harness.js'
import { REQUEST } from '../intake/people.js'
import { DecidingWorld, HOUR } from '../staff/deciding/world.js'

let world: DecidingWorld
beforeAll(async () => {
  world = await DecidingWorld.open()
}, 60_000)
afterAll(() => world.close())

interface Logged {
  readonly ref: string
  readonly template: string
  readonly recipient: string
  readonly outcome: string
}
const logOf = async (ticketId: string, template: string) =>
  ((await world.api.get(`/v1/tickets/${ticketId}/messages`)).body.items as readonly Logged[]).filter(
    (it) => it.template === template,
  )
const refOf = async (ticketId: string, template: string) => (await logOf(ticketId, template))[0]?.ref ?? 'none'
const mailsOf = async (ticketId: string, template: string) =>
  ((await world.api.deps.services.messages.mailbox?.list(500)) ?? []).filter(
    (it) => it.ticketId === ticketId && it.template === template && it.channel === 'email',
  )
const resend = (ticketId: string, ref: string, key = newKey(), as: Person | null = 'agent', body: unknown = {}) =>
  world.api.request('POST', `/v1/tickets/${ticketId}/messages/${ref}/resend`, {
    ...{ as, body },
    headers: { 'idempotency-key': key },
  })
/** Hands the ticket's messages over as the workers do. */
async function deliver(ticketId: string): Promise<void> {
  const { store, clock, engine, services } = world.api.deps
  const sink = messageSink({
    messenger: services.messages.messenger,
    apply: services.apply,
    isOurs: () => Promise.resolve(true),
    others: embeddedSink,
  })
  const deliverer = createDeliverer({ engine, clock, store }, sink, 3)
  for (const row of await store.outboxOf(ticketId))
    if (row.deliveredAt === null) await deliverer.deliver({ ticketId, seq: row.seq })
}

it('A51 an officer has a receipt sent again: once a key, on the delivery log and in the audit, to the same proven address', async () => {
  const { ticketId, contacts } = await world.submitted()
  const ref = await refOf(ticketId, 'received')
  expect(await mailsOf(ticketId, 'received')).toHaveLength(1)
  const key = newKey()
  const first = await resend(ticketId, ref, key)
  expect([first.status, first.body], first.text).toEqual([202, { messageId: ref, accepted: true }])
  const again = await Promise.all([1, 2, 3].map(() => resend(ticketId, ref, key)))
  expect(again.map((it) => [it.status, it.headers.get('idempotent-replayed')])).toEqual(
    Array.from({ length: 3 }, () => [202, 'true']),
  )
  await world.tasks.runDue()
  await world.tasks.runDue()
  const mails = await mailsOf(ticketId, 'received')
  expect(mails.map((it) => it.to)).toEqual([contacts.email, contacts.email])
  // Each brings its owner a link of its own.
  const links = mails.map((it) => /\/status#([\w-]{43})/.exec(it.text)?.[1] ?? 'none')
  expect(new Set(links).size).toBe(2)
  const { ticketNumber } = (await world.api.store.findTicket(ticketId))!
  for (const link of links) expect((await world.status(link)).ticketNumber).toBe(ticketNumber)
  const rows = await logOf(ticketId, 'received')
  expect(new Set(rows.map((it) => it.ref)).size).toBe(2)
  expect(rows.filter((it) => it.recipient === 'newEmail').map((it) => it.outcome)).toEqual(['sent', 'sent'])
  const audited = await world.api.store.audit.filtered(
    { action: 'message.resend' },
    { order: 'newest', before: null, limit: 10 },
  )
  expect(
    audited.map(({ actorId, actorRole, ticketId: of, detail }) => [actorId, actorRole, of, detail['template']]),
  ).toEqual([['agent-1', 'agent', ticketId, 'received']])
  expect(JSON.stringify(audited)).not.toMatch(/surat|8572222/)
  const other = await world.submitted()
  const reused = await resend(other.ticketId, await refOf(other.ticketId, 'received'), key)
  expect([reused.status, reused.body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED'])
})

it('A51 a code is never sent again by anybody, nor what is another ticket’s, nor by whoever does not decide', async () => {
  const one = await world.submitted()
  const other = await world.submitted()
  for (const { ref } of await logOf(one.ticketId, 'code.prove')) {
    const refused = await resend(one.ticketId, ref)
    expect([refused.status, refused.body.code, pluck(refused.body.reasons, 'code')]).toEqual([
      ...[409, 'MESSAGE_NOT_RESENT', ['codeNeverResent']],
    ])
  }
  const receipt = await refOf(one.ticketId, 'received')
  const wrong = [
    await resend(other.ticketId, receipt),
    await resend(one.ticketId, 'no-such-message'),
    await resend(one.ticketId, encodeURIComponent('../../etc')),
  ]
  expect(wrong.map((it) => [it.status, String(it.body.code)])).toEqual(wrong.map(() => [404, 'NOT_FOUND']))
  const who: readonly (readonly [Person | null, number])[] = [
    [null, 401],
    ['portal', 403],
    ['participant', 403],
    ['auditor', 403],
    ['admin', 403],
  ]
  for (const [as, status] of who) expect((await resend(one.ticketId, receipt, newKey(), as)).status).toBe(status)
  expect((await resend(one.ticketId, receipt, newKey(), 'agent', { to: 'x' })).status).toBe(422)
  const bare = await world.api.request('POST', `/v1/tickets/${one.ticketId}/messages/${receipt}/resend`, {
    ...{ as: 'agent', body: {} },
  })
  expect([bare.status, bare.body.code]).toEqual([400, 'IDEMPOTENCY_KEY_REQUIRED'])
  await world.tasks.runDue()
  expect(await mailsOf(one.ticketId, 'received')).toHaveLength(1)
  expect(await mailsOf(one.ticketId, 'code.prove')).toHaveLength(1)
})

it('A51 what is no longer so is not said again: the newest message is, and what asks for something while it is asked', async () => {
  const { ticketId, token, contacts } = await world.underVerification()
  await world.sent(ticketId, 'correction.request', { reason: 'NAMA_BERBEDA' })
  await deliver(ticketId)
  const asked = await refOf(ticketId, 'correction.requested')
  expect((await resend(ticketId, asked)).status).toBe(202)
  await world.tasks.runDue()
  const mails = await mailsOf(ticketId, 'correction.requested')
  expect(mails.map((it) => it.to)).toEqual([contacts.email, contacts.email])
  expect(mails[0]?.text).toContain('perlu diperbaiki')
  const gone = await world.filer(token, 'POST', '/v1/pengaduan/withdrawal', { reason: 'DITARIK_PESERTA' })
  expect(gone.status, gone.text).toBe(200)
  await deliver(ticketId)
  const refused = await resend(ticketId, asked)
  expect([refused.status, pluck(refused.body.reasons, 'code')]).toEqual([409, ['noLongerSo']])
  // To old and new contacts alike, as it went out.
  expect((await resend(ticketId, await refOf(ticketId, 'withdrawn'))).status).toBe(202)
  await world.tasks.runDue()
  expect(await mailsOf(ticketId, 'withdrawn')).toHaveLength(4)
  // Nothing of it was taken back, yet something newer was said.
  await world.after(HOUR)
  const reopened = await world.filer(token, 'POST', '/v1/pengaduan/reopening', {})
  expect(reopened.status, reopened.text).toBe(200)
  await deliver(ticketId)
  const older = await resend(ticketId, await refOf(ticketId, 'withdrawn'))
  expect([older.status, pluck(older.body.reasons, 'code')]).toEqual([409, ['noLongerSo']])
  expect((await resend(ticketId, await refOf(ticketId, 'reopened'))).status).toBe(202)
})

it('A51 A07 a ticket has five a day, whoever asks; then Retry-After, and another ticket its own', async () => {
  const { ticketId } = await world.submitted()
  const ref = await refOf(ticketId, 'received')
  const answers = []
  for (let n = 0; n < 7; n++) answers.push(await resend(ticketId, ref, newKey(), n % 2 === 0 ? 'agent' : 'supervisor'))
  expect(answers.map((it) => it.status)).toEqual([202, 202, 202, 202, 202, 429, 429])
  expect(Number(answers[6]?.headers.get('retry-after'))).toBeGreaterThan(3_600)
  const other = await world.submitted()
  expect((await resend(other.ticketId, await refOf(other.ticketId, 'received'))).status).toBe(202)
  await world.after(24 * HOUR)
  expect((await resend(ticketId, ref)).status).toBe(202)
})

it('A51 a receipt is not sent again while no contact is proven: nobody would get it, and the officer is told so', async () => {
  const { ticketId, token, contacts } = await world.submitted()
  const ref = await refOf(ticketId, 'received')
  for (const [channel, address] of [
    ['email', `lain.${contacts.email}`],
    ['phone', contacts.phone.replace('2222', '3333')],
  ] as const) {
    // One that is proven is enough.
    expect((await resend(ticketId, ref)).status).toBe(202)
    const changed = await world.filer(token, 'POST', '/v1/pengaduan/contacts', { channel, address })
    expect(changed.status, changed.text).toBe(200)
  }
  const refused = await resend(ticketId, ref)
  expect([refused.status, refused.body.code, pluck(refused.body.reasons, 'code')]).toEqual([
    ...[409, 'MESSAGE_NOT_RESENT', ['noLongerSo']],
  ])
  const sentTo = async () => (await mailsOf(ticketId, 'received')).filter((it) => it.to !== contacts.email)
  expect(await sentTo()).toEqual([])
  await world.proveBoth(token)
  // By itself, to the address that never had it.
  expect((await sentTo()).map((it) => it.to)).toEqual([`lain.${contacts.email}`])
  expect((await resend(ticketId, ref)).status).toBe(202)
})

it('R-MAIL-2 a draft is received once it is submitted: its owner gets one receipt, and after that', async () => {
  const { identity } = world.somebody()
  const { noticeVersion, category, cause } = REQUEST
  const steps = ['NAMA_DITANYAKAN', 'PERNYATAAN_DIBACAKAN', 'PEMBERITAHUAN_PRIVASI_DISAMPAIKAN']
  const said = { channel: 'telepon_175', steps, declaration: true, noticeVersion, category, cause }
  const typed = await world.post('/v1/drafts', { identity, contacts: world.contacts(), ...said })
  expect(typed.status, typed.text).toBe(202)
  await world.tasks.runDue()
  const ticketId = String(typed.body.ticketId)
  const token = /Kunci draf: ([A-Za-z0-9_-]{43})/.exec(await world.mail('email', 'code.assisted'))?.[1] ?? ''
  for (const channel of ['email', 'phone'])
    expect((await world.filer(token, 'POST', '/v1/pengaduan/codes', { channel })).status).toBe(202)
  await world.proveBoth(token)
  expect(await mailsOf(ticketId, 'received')).toHaveLength(0)
  const submitted = await world.filer(token, 'POST', '/v1/pengaduan/submission', { declaration: true, noticeVersion })
  expect(submitted.status, submitted.text).toBe(200)
  await deliver(ticketId)
  await world.tasks.runDue()
  const mails = await mailsOf(ticketId, 'received')
  expect(mails).toHaveLength(1)
  expect(mails[0]?.text).toContain('diputuskan paling lambat')
})
