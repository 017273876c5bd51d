import { expect } from 'vitest'
import { seedDirectory, SYNTHETIC_SEED, syntheticPeople, type Kind } from '../../../src/directory/index.js'
import { createLogger } from '../../../src/logging.js'
import type { Answer, Outgoing } from '../../../src/ports/sink.js'
import { createDeliverer } from '../../../src/workers/deliver.js'
import { startTasks, type TaskRunner } from '../../../src/workers/tasks.js'
import { HOUR, MINUTE, newKey, startHarness, type Harness, type Person } from '../../api/harness.js'
import { asFiler, requestWith } from '../../intake/people.js'

const SIZE = 200
type Body = Readonly<Record<string, unknown>>
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests read answers freely; their shape is checked on arrival
export type Loose = any
export const ITEMS = ['KTP_COCOK', 'NAMA_COCOK', 'NIK_COCOK', 'TANGGAL_LAHIR_COCOK']
export const matched = (...items: readonly string[]) => ({
  verdict: 'matched',
  checklist: items.map((item) => ({ item, matched: true })),
})

/** The whole API with people in the directory; tasks run when they are asked to, outbox rows are delivered when they are asked to. */
export class DecidingWorld {
  #people = 0
  #contacts = 0
  private constructor(
    readonly api: Harness,
    readonly tasks: TaskRunner,
  ) {}

  static async open(databaseUrl?: string, typeFiles?: readonly string[]): Promise<DecidingWorld> {
    const api = await startHarness({
      ...(databaseUrl === undefined ? {} : { databaseUrl }),
      ...(typeFiles === undefined ? {} : { typeFiles }),
    })
    const { store, clock, services } = api.deps
    const { tasks: board, handlers, vault } = services
    await seedDirectory({ store: store.intake.directory, vault, clock }, { size: SIZE })
    const logger = createLogger({ level: 'silent' })
    return new DecidingWorld(api, startTasks({ world: { store, clock }, board, handlers, logger, random: () => 0.5 }))
  }
  async close(): Promise<void> {
    await this.tasks.stop()
    await this.api.close()
  }

  /** Somebody of the directory whom no other test has; as declared right. */
  somebody(kind: Kind = 'plain') {
    const of = syntheticPeople(SYNTHETIC_SEED, SIZE, this.api.clock.now()).filter((it) => it.kind === kind)
    const { participant } = of[this.#people++ % of.length]!
    const { nik, name, birthDate, cards } = participant
    return { participant, identity: { nik, name, birthDate, kpj: cards[0]?.kpj ?? null } }
  }
  contacts() {
    const n = String(++this.#contacts).padStart(4, '0')
    return { email: `orang${n}@surat.example.org`, phone: `0857 2222 ${n}` }
  }

  /** Filed over the portal, both contacts proven, tasks done, the gate open. */
  async submitted(overrides: Body = {}, kind: Kind = 'plain') {
    const { participant, identity } = this.somebody(kind)
    const contacts = this.contacts()
    const body = requestWith({ identity, contacts, ...overrides })
    const sent = await this.api.request('POST', '/v1/pengaduan', {
      as: null,
      body,
      headers: { 'idempotency-key': newKey() },
    })
    expect(sent.status, sent.text).toBe(202)
    const ticketId = String(sent.body.ticketId)
    const token = String(sent.body.statusToken)
    await this.proveBoth(token)
    this.api.clock.advance(MINUTE)
    return { ticketId, token, participant, identity, contacts }
  }
  async underVerification(overrides: Body = {}, kind: Kind = 'plain') {
    const filed = await this.submitted(overrides, kind)
    await this.sent(filed.ticketId, 'verification.start')
    return filed
  }
  async proveBoth(token: string): Promise<void> {
    for (const channel of ['email', 'phone'] as const) {
      const code = await this.codeFor(channel)
      const body = { channel, code }
      const proven = await asFiler(this.api, token, 'POST', '/v1/pengaduan/codes/verification', body)
      expect(proven.status, proven.text).toBe(200)
    }
    await this.tasks.runDue()
  }
  /** The newest code that went out on this channel. */
  async codeFor(channel: 'email' | 'phone'): Promise<string> {
    await this.tasks.runDue()
    const sent = await this.mail(channel, 'code.prove')
    return /\b\d{6}\b/.exec(sent)?.[0] ?? 'no code'
  }
  async mail(channel: 'email' | 'phone', template: string): Promise<string> {
    const all = (await this.api.deps.services.messages.mailbox?.list(200)) ?? []
    const kind = channel === 'email' ? 'email' : 'sms'
    return all.find((it) => it.channel === kind && it.template === template)?.text ?? ''
  }
  /** An event that has to be accepted. */
  async sent(ticketId: string, type: string, payload: Body = {}, as: Person = 'agent') {
    const answer = await this.api.send(ticketId, type, { as, payload })
    expect(answer.status, `${type}: ${answer.text}`).toBe(200)
    return answer
  }
  /** One that has to be refused, with its code. */
  async refused(ticketId: string, type: string, payload: Body = {}, as: Person = 'agent') {
    const before = await this.api.store.findTicket(ticketId)
    const answer = await this.api.send(ticketId, type, { as, payload })
    expect(answer.status, `${type} was accepted`).toBeGreaterThanOrEqual(400)
    const { state, contentVersion } = (await this.api.store.findTicket(ticketId))!
    expect([state, contentVersion]).toEqual([before?.state, before?.contentVersion])
    return { status: answer.status, code: answer.body.code as string, body: answer.body as Record<string, unknown> }
  }
  post(path: string, body: unknown, as: Person = 'agent', headers: Readonly<Record<string, string>> = {}) {
    return this.api.request('POST', path, { as, body, headers: { 'idempotency-key': newKey(), ...headers } })
  }
  filer(token: string, method: string, path: string, body?: unknown) {
    return asFiler(this.api, token, method, path, body)
  }
  async status(token: string): Promise<Loose> {
    return (await asFiler(this.api, token, 'GET', '/v1/pengaduan')).body
  }
  async stateOf(ticketId: string): Promise<string | undefined> {
    return (await this.api.store.findTicket(ticketId))?.state
  }
  /** Hands what is in the ticket's outbox over: commands to the account service, messages to the mailbox. */
  async deliver(ticketId: string): Promise<void> {
    const { store, clock, engine, services } = this.api.deps
    const sink = {
      recordAs: () => null,
      deliver: (outgoing: Outgoing): Promise<Answer> =>
        outgoing.kind === 'port' && outgoing.body['port'] === 'account'
          ? services.apply(outgoing)
          : Promise.resolve({ outcome: 'accepted' }),
    }
    const deliverer = createDeliverer({ engine, clock, store }, sink, 12)
    for (const row of await store.outboxOf(ticketId))
      if (row.deliveredAt === null) await deliverer.deliver({ ticketId, seq: row.seq })
  }
  async after(ms: number): Promise<void> {
    this.api.clock.advance(ms)
    await this.tasks.runDue()
  }
}
export { HOUR, MINUTE }
