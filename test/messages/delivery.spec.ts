import { createSecretKey } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { seedDirectory, syntheticPeople, SYNTHETIC_SEED } from '../../src/directory/index.js'
import { createIds } from '../../src/engine/index.js'
import type { TaskHandler } from '../../src/intake/tasks.js'
import { createLogger } from '../../src/logging.js'
import { messageSink, RECEIPT } from '../../src/messages/index.js'
import { embeddedSink } from '../../src/ports/sink.js'
import { oldContactsOf } from '../../src/privacy/index.js'
import type { Services } from '../../src/services.js'
import { createDeliverer } from '../../src/workers/deliver.js'
import { startTasks } from '../../src/workers/tasks.js'
import { servicesFor } from '../support/services.js'
import { agent, DAY, HOUR, MINUTE, MORNING, portal, World } from '../support/world.js'
import { startGateway, startSmtp } from './servers.js'

const SECRET = 'sms-secret-of-the-tests-0123456789'
const NEW = { email: 'baru@surat.example.org', phone: '+6284011112222' }
const { participant } = syntheticPeople(SYNTHETIC_SEED, 60, MORNING).find((it) => it.kind === 'plain')!

describe('messages of a ticket', () => {
  let smtp: Awaited<ReturnType<typeof startSmtp>>
  let gateway: Awaited<ReturnType<typeof startGateway>>
  beforeAll(async () => {
    smtp = await startSmtp()
    gateway = await startGateway(SECRET)
  })
  afterAll(async () => {
    await smtp.stop()
    await gateway.stop()
  })
  let world: World
  let services: Services
  let old: { email: string; phone: string }
  const counted: string[] = []
  const logger = createLogger({ level: 'info', destination: { write: () => undefined } })

  beforeEach(async () => {
    smtp.mails.length = 0
    smtp.mood = null
    gateway.received.length = 0
    gateway.answer(202)
    counted.length = 0
    world = await World.open()
    const { store, clock, engine, place } = world
    const ids = createIds(clock, (bytes) => crypto.getRandomValues(bytes))
    const onMessage = (...outcome: readonly string[]) => void counted.push(outcome.join(' '))
    const messaging = {
      smtp: { url: smtp.url, from: 'noreply@pengaduan.example', requireTls: false },
      sms: { url: gateway.url, secret: createSecretKey(Buffer.from(SECRET)) },
    }
    services = servicesFor(place.dataDir, { store, clock, ids, engine, logger, onMessage }, { messaging })
    await seedDirectory({ store: store.intake.directory, vault: services.vault, clock }, { size: 60 })
    const before = await services.accounts.contactsOf(participant.id)
    old = { email: before!.email!, phone: before!.phone! }
  })
  afterEach(async () => {
    services.messages.close()
    await world.close()
  })

  /** A ticket in `state` with a person behind it: found, both new contacts proven unless `proven` says otherwise. */
  const ticketIn = async (state: string, proven: readonly ('email' | 'phone')[] = ['email', 'phone']) => {
    const { nik, name, birthDate } = participant
    const { people } = world.store.intake
    return world.ticketIn(state, {}, async (ticketId) => {
      await services.people.add(ticketId, {
        ...{ identity: { nik, name, birthDate, kpj: null }, ...NEW, found: [] },
        ...{ noticeVersion: '1', purpose: 'account_recovery', legalBasis: 'consent' },
      })
      for (const channel of proven) await people.markProven(ticketId, channel, 1, world.clock.now())
      const matchedAt = world.clock.now()
      const found = { outcome: 'found', participantId: participant.id, findings: {}, matchedAt } as const
      await people.saveMatch({ ticketId, identityVersion: 1, ...found })
    })
  }
  const deliverer = () => {
    const { engine, clock, store } = world
    const sink = messageSink({
      messenger: services.messages.messenger,
      apply: services.apply,
      isOurs: async (ticketId) => (await store.intake.keys.findKey(ticketId)) !== null,
      others: embeddedSink,
    })
    return createDeliverer({ engine, clock, store }, sink, 3)
  }
  const deliver = async (ticketId: string, template: string) => {
    const row = (await world.store.outboxOf(ticketId)).findLast(
      (it) => it.body['template'] === template || it.body['port'] === template,
    )!
    return deliverer().deliver(row)
  }
  const log = async (ticketId: string, template: string) =>
    (await world.store.intake.messages.messagesOf(ticketId, 100))
      .filter((it) => it.template === template)
      .map(({ recipient, outcome, reason }) => [recipient, outcome, reason])
      .toSorted((a, b) => (String(a) < String(b) ? -1 : 1))
  /** Runs what is due now, as the workers do. */
  const runTasks = async (...handlers: readonly TaskHandler[]) => {
    const runner = startTasks({
      ...{ world: { store: world.store, clock: world.clock }, board: services.tasks, logger, random: () => 0 },
      handlers,
    })
    await runner.runDue()
    await runner.stop()
  }
  const mailsTo = () => smtp.mails.flatMap((it) => it.to).sort()
  const smsTo = () => gateway.received.map((it) => it.to).sort()

  it('R-NIST-4 R-HOLD-2: old and new contacts are all told of a replacement, after it as before it', async () => {
    const ticketId = await ticketIn('applying')
    // Nothing was delivered before contacts are replaced: the old ones are known all the same.
    expect(await deliver(ticketId, 'account')).toBe('done')
    expect(await services.accounts.contactsOf(participant.id)).toMatchObject(NEW)
    for (const template of ['hold.started', 'contact.updated']) {
      smtp.mails.length = 0
      gateway.received.length = 0
      expect(await deliver(ticketId, template)).toBe('done')
      expect([mailsTo(), smsTo()]).toEqual([[NEW.email, old.email].sort(), [NEW.phone, old.phone].sort()])
      expect((await log(ticketId, template)).map(([recipient]) => recipient).sort()).toEqual([
        ...['newEmail', 'newPhone', 'oldEmail', 'oldPhone'],
      ])
    }
    expect(gateway.received.every((it) => it.signed && it.text.length <= 160)).toBe(true)
    expect(counted).toContain('contact.updated sms sent')
  })

  it('R-HOLD-2 A28: each told contact gets a link and a code of its own, and any of them freezes', async () => {
    const ticketId = await ticketIn('onHold')
    expect(await deliver(ticketId, 'hold.started')).toBe('done')
    const mails = smtp.mails.map((it) => it.raw.replaceAll('=\r\n', ''))
    const tokens = mails.map((raw) => /sanggah#([A-Za-z0-9_-]{43})/.exec(raw)?.[1])
    expect(new Set(tokens).size).toBe(2)
    const codes = [...mails, ...gateway.received.map((it) => it.text)].map((it) => /kode ([0-9A-Z]{8})/.exec(it)?.[1])
    expect(new Set(codes).size).toBe(4)
    expect(codes).not.toContain(undefined)
    await services.recovery.objections.objectWith(tokens[0]!)
    expect((await world.row(ticketId)).state).toBe('frozen')
  })

  it('whoever was found first is told nothing more when a correction shows somebody else', async () => {
    const ticketId = await ticketIn('underVerification')
    await oldContactsOf({ ...services, store: world.store.intake.people }, ticketId)
    const other = syntheticPeople(SYNTHETIC_SEED, 60, MORNING).filter((it) => it.kind === 'plain')[1]!.participant
    const match = { outcome: 'found', participantId: other.id, findings: {}, matchedAt: world.clock.now() } as const
    await world.store.intake.people.saveMatch({ ticketId, identityVersion: 2, ...match })
    await world.send(ticketId, portal, 'withdraw', { reason: 'NOT_NEEDED' })
    await deliver(ticketId, 'withdrawn')
    const now = await services.accounts.contactsOf(other.id)
    expect(mailsTo()).toEqual([NEW.email, now!.email!].sort())
  })

  it('A07: no message carries a NIK, a name or a whole address; masked is enough to know it again', async () => {
    const ticketId = await ticketIn('contactUpdated')
    for (const { body } of await world.store.outboxOf(ticketId))
      if (typeof body['template'] === 'string' && body['audience'] !== 'staff')
        await deliver(ticketId, body['template'])
    const said = JSON.stringify([
      smtp.mails.map((it) => it.raw.replaceAll('=\r\n', '').split('\r\n\r\n').slice(1)),
      gateway.received.map((it) => it.text),
    ])
    expect(smtp.mails.length).toBeGreaterThan(5)
    for (const secret of [
      participant.nik,
      participant.name,
      NEW.phone,
      NEW.phone.slice(1),
      old.phone,
      NEW.email,
      old.email,
    ])
      expect(said).not.toContain(secret)
    expect(said).toContain('b***@surat.example.org')
  })

  it('R-MAIL-2: an address that is not proven gets nothing; why is on the record', async () => {
    const ticketId = await ticketIn('emailProven', [])
    expect(await deliver(ticketId, 'received')).toBe('done')
    expect([mailsTo(), smsTo()]).toEqual([[], []])
    expect(await log(ticketId, 'received')).toEqual([
      ['newEmail', 'skipped', 'UNPROVEN'],
      ['newPhone', 'skipped', 'UNPROVEN'],
    ])
  })

  it('R-WF-6: one receipt, whether the outbox or the proof asks for it first, and however often', async () => {
    const { messenger } = services.messages
    const proof = (ticketId: string) => messenger.askReceipt(ticketId)
    const outbox = async (ticketId: string) => expect(await deliver(ticketId, 'received')).toBe('done')
    // Its task may wait from before the program was renewed.
    const earlier = (ticketId: string) => services.tasks.ask(RECEIPT, ticketId, 'email')
    for (const asked of [
      [outbox, proof],
      [proof, outbox],
      [earlier, proof],
    ]) {
      const ticketId = await ticketIn('emailProven')
      for (const ask of asked) {
        await ask(ticketId)
        await runTasks(messenger.receipt)
      }
      expect([mailsTo(), smsTo()]).toEqual([[NEW.email], []])
      expect(await log(ticketId, 'received')).toEqual([['newEmail', 'sent', null]])
      smtp.mails.length = 0
    }
  })

  it('R-WF-6: whatever address comes to be proven gets the receipt once, also when it changed between two tries', async () => {
    const LATER = 'lain@surat.example.org'
    const ticketId = await ticketIn('emailProven')
    const { messenger } = services.messages
    let generation = 1
    const becomes = async (address: string) => {
      generation = await services.people.changeContact(ticketId, 'email', address)
      world.clock.advance(MINUTE)
      await runTasks(messenger.receipt)
    }
    const proves = async () => {
      await world.store.intake.people.markProven(ticketId, 'email', generation, world.clock.now())
      await messenger.askReceipt(ticketId)
      await runTasks(messenger.receipt)
    }
    smtp.mood = () => ({ code: 421 })
    await messenger.askReceipt(ticketId)
    for (let tries = 1; tries <= 3; tries++) {
      await runTasks(messenger.receipt)
      world.clock.advance(MINUTE)
    }
    // No link of a mail that did not leave opens anything.
    expect(await services.sessions.revokeAll(ticketId)).toBe(0)
    smtp.mood = null
    await becomes(LATER)
    expect(mailsTo()).toEqual([])
    await proves()
    expect(mailsTo()).toEqual([LATER])
    await becomes(NEW.email)
    await proves()
    expect(mailsTo()).toEqual([NEW.email, LATER])
    // Both have it; that is known for longer than tasks are kept.
    await becomes(LATER)
    await proves()
    world.clock.advance(8 * DAY)
    expect(await world.store.intake.retention.removeOld('tasks', world.clock.now() - 7 * DAY)).toBeGreaterThan(0)
    await messenger.askReceipt(ticketId)
    await runTasks(messenger.receipt)
    expect(mailsTo()).toEqual([NEW.email, LATER])
    expect(await services.sessions.revokeAll(ticketId)).toBe(2)
    const kept = JSON.stringify(await world.store.intake.messages.messagesOf(ticketId, 99))
    expect(kept).not.toMatch(/surat|@/)
  })

  it('R-WF-6: refused on every channel for good, another e-mail that is proven gets the receipt', async () => {
    const ticketId = await ticketIn('emailProven')
    const { messenger } = services.messages
    smtp.mood = () => ({ code: 550 })
    gateway.answer(422)
    await messenger.askReceipt(ticketId)
    await runTasks(messenger.receipt)
    smtp.mood = null
    const generation = await services.people.changeContact(ticketId, 'email', 'lain@surat.example.org')
    await world.store.intake.people.markProven(ticketId, 'email', generation, world.clock.now())
    await messenger.askReceipt(ticketId)
    await runTasks(messenger.receipt)
    expect([mailsTo(), smsTo()]).toEqual([['lain@surat.example.org'], []])
  })

  it('R-WF-6: who got it gets it once, however often the rest is tried again', async () => {
    const ticketId = await ticketIn('onHold')
    smtp.mood = (to) => (to === old.email ? { code: 421 } : null)
    await expect(deliver(ticketId, 'hold.started')).rejects.toThrow()
    expect(mailsTo()).toEqual([NEW.email])
    smtp.mood = null
    expect(await deliver(ticketId, 'hold.started')).toBe('done')
    expect([mailsTo(), smsTo()]).toEqual([[NEW.email, old.email].sort(), [NEW.phone, old.phone].sort()])
  })

  it('what the mail server refuses for good goes by SMS', async () => {
    const ticketId = await ticketIn('emailProven')
    smtp.mood = () => ({ code: 550 })
    expect(await deliver(ticketId, 'received')).toBe('done')
    await runTasks(services.messages.messenger.receipt)
    expect(smsTo()).toEqual([NEW.phone])
    expect(await log(ticketId, 'received')).toEqual([
      ['newEmail', 'failed', 'SMTP_550'],
      ['newPhone', 'sent', null],
    ])
  })

  it('A51 refused on every channel, the log says so; once the mail server takes it again an officer has it sent', async () => {
    const ticketId = await ticketIn('emailProven')
    smtp.mood = () => ({ code: 550 })
    gateway.answer(422)
    expect(await deliver(ticketId, 'received')).toBe('done')
    await runTasks(services.messages.messenger.receipt)
    const letters = await world.store.listDeadLetters(9)
    expect(letters.map((it) => [it.job['task'], it.reason, it.attempts])).toEqual([
      ['send_receipt', 'SendRefused_PARTICIPANT_UNREACHED', 1],
    ])
    expect(await log(ticketId, 'received')).toEqual([
      ['newEmail', 'failed', 'SMTP_550'],
      ['newPhone', 'failed', 'SMS_422'],
    ])
    smtp.mood = null
    const messageId = (await world.store.intake.messages.messagesOf(ticketId, 9))[0]?.ref ?? ''
    const { resender } = services.messages
    expect(await resender.resend({ ticketId, messageId, actor: agent, key: 'once' })).toEqual({ replayed: false })
    const runner = startTasks({
      ...{ world: { store: world.store, clock: world.clock }, board: services.tasks, logger, random: () => 0 },
      handlers: [resender.task],
    })
    // The first try meets a server that is down: it is tried again, and whoever has it is not sent it twice.
    smtp.mood = () => ({ code: 421 })
    await runner.runDue()
    expect(mailsTo()).toEqual([])
    smtp.mood = null
    world.clock.at += HOUR
    await runner.runDue()
    await runner.runDue()
    await runner.stop()
    expect(mailsTo()).toEqual([NEW.email])
    expect((await log(ticketId, 'received')).filter(([, outcome]) => outcome === 'sent')).toEqual([
      ['newEmail', 'sent', null],
    ])
  })

  it('refused everywhere, it is a dead letter, and a supervisor has it sent again', async () => {
    const ticketId = await ticketIn('underVerification')
    await world.send(ticketId, agent, 'correction.request', { reason: 'DATA_TIDAK_LENGKAP' })
    smtp.mood = () => ({ code: 550 })
    gateway.answer(422)
    expect(await deliver(ticketId, 'correction.requested')).toBe('givenUp')
    smtp.mood = null
    const row = (await world.store.outboxOf(ticketId)).find((it) => it.body['template'] === 'correction.requested')!
    await deliverer().redeliver(row)
    expect(mailsTo()).toEqual([NEW.email])
    expect((await world.store.outboxOf(ticketId)).find((it) => it.seq === row.seq)?.deliveredAt).not.toBeNull()
  })

  it('an SMS that is no warning waits for the morning; a code and a warning do not', async () => {
    const ticketId = await ticketIn('underVerification')
    await world.send(ticketId, agent, 'correction.request', { reason: 'DATA_TIDAK_LENGKAP' })
    world.clock.at = MORNING + 13 * HOUR // 22.00 in Jakarta
    expect(await deliver(ticketId, 'correction.requested')).toBe('done')
    expect([mailsTo(), smsTo()]).toEqual([[NEW.email], []])
    const noted = async () =>
      (await world.store.intake.messages.messagesOf(ticketId, 99))
        .filter((it) => it.channel === 'sms' && it.template === 'correction.requested')
        .map((it) => [it.outcome, it.reason])
    const until = new Date(MORNING + 22 * HOUR).toISOString()
    expect(await noted()).toEqual([['deferred', `UNTIL_${until}`]])
    const code = {
      ticketId,
      channel: 'phone',
      address: NEW.phone,
      code: '048213',
      ref: 'c-1',
      purpose: 'prove',
    } as const
    await services.messages.messenger.sendCode(code)
    expect(gateway.received.map((it) => it.text.includes('048213'))).toEqual([true])
    const runner = startTasks({
      ...{ world: { store: world.store, clock: world.clock }, board: services.tasks, logger, random: () => 0 },
      handlers: [services.messages.messenger.morning],
    })
    await runner.runDue()
    expect(gateway.received).toHaveLength(1)
    world.clock.at = MORNING + 22 * HOUR // 07.00
    await runner.runDue()
    await runner.stop()
    expect(smsTo()).toEqual([NEW.phone, NEW.phone])
    expect(gateway.received.at(-1)?.text).toContain('data perlu diperbaiki')
    expect(await noted()).toEqual([['sent', null]])
  })

  it('a reason is told once, with the decision it belongs to', async () => {
    const ticketId = await ticketIn('underVerification')
    await world.send(ticketId, agent, 'correction.request', { reason: 'DATA_TIDAK_LENGKAP' })
    await world.send(ticketId, portal, 'withdraw', { reason: 'SUDAH_SELESAI' })
    await deliver(ticketId, 'correction.requested')
    expect(smtp.mails[0]?.raw).toContain('Alasan: Data belum lengkap.')
    smtp.mails.length = 0
    await deliver(ticketId, 'withdrawn')
    expect(smtp.mails.length).toBe(2)
    expect(smtp.mails[0]?.raw).not.toContain('Alasan')
  })

  it('a code that is made anew is sent anew, under the same reference', async () => {
    const ticketId = await ticketIn('emailProven', [])
    const to = { ticketId, channel: 'email', address: NEW.email, ref: 'c-2', purpose: 'prove' } as const
    for (const code of ['111111', '222222']) await services.messages.messenger.sendCode({ ...to, code })
    expect(smtp.mails.map((it) => /\d{6}/.exec(it.raw.split('Kode Anda: ')[1] ?? '')?.[0])).toEqual([
      '111111',
      '222222',
    ])
  })
})
