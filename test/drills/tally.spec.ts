import { describe, expect, it } from 'vitest'
import type { LogEntry, OutboxRow, TicketRow, TimerRow } from '../../src/engine/types.js'
import { pengaduanRules } from './evidence.js'
import { tally, type Acknowledgement, type Arrival, type Evidence, type TicketRecord } from './tally.js'

const T0 = Date.UTC(2026, 2, 17, 2)
const DUE = T0 + 60_000
const SYSTEM = { actorId: 'system', actorRole: 'system', commandId: null }
const APPLIED = 'system:outbox-t1-2'

const entry = (seq: number, revision: number, patch: Partial<LogEntry>): LogEntry => ({
  ticketId: 't1',
  seq,
  at: T0,
  recordedAt: T0,
  fact: 'Fact',
  event: { type: 'submit' },
  actorId: 'portal',
  actorRole: 'portal',
  commandId: null,
  machineVersion: 1,
  policyVersion: 1,
  calendar: null,
  state: 'submitted',
  revision,
  moves: null,
  ...patch,
})
const warned = { type: 'sla.warn', target: 'resolution', threshold: 'warn50', generation: 2 }
const timer = (patch: Partial<TimerRow>): TimerRow => ({
  ticketId: 't1',
  family: 'sla:resolution',
  threshold: 'warn50',
  generation: 2,
  dueAt: DUE,
  state: 'fired',
  closedAt: DUE,
  ...patch,
})
const outbox = (seq: number, kind: string, body: OutboxRow['body']): OutboxRow => ({
  ticketId: 't1',
  seq,
  kind,
  body,
  createdAt: T0,
  relayedAt: T0,
  deliveredAt: T0,
  attempts: 0,
  trace: null,
})
const message = { template: 'received', audience: 'participant', at: T0 }
const command = { port: 'account', operation: 'replaceContacts', data: { cycle: 1 }, at: T0 }
const sentAs = (seq: number) => `t1-${seq}-${T0.toString(36)}`
const arrival = (seq: number, kind: string, body: Arrival['body']): Arrival => ({
  key: sentAs(seq),
  id: sentAs(seq),
  ticketId: 't1',
  kind,
  body,
})
const ack = (patch: Partial<Acknowledgement>): Acknowledgement => ({
  commandId: 'portal:a',
  ticketId: 't1',
  event: 'ticket.file',
  revision: 1,
  contentVersion: 2,
  replayed: false,
  ...patch,
})

/** A ticket where all went well: filed, one contact proven, warned, its account changed, its reminder still ahead. */
const LOG = [
  entry(1, 1, { event: { type: 'ticket.file' }, commandId: 'portal:a', moves: null }),
  entry(2, 1, {
    commandId: 'portal:a',
    moves: [{ target: 'resolution', from: null, to: DUE, reason: 'promised' }],
  }),
  entry(3, 2, { event: { type: 'contact.prove', channel: 'email' }, commandId: 'portal:b' }),
  entry(4, 3, { event: warned, at: DUE, ...SYSTEM }),
  entry(5, 4, { event: { type: 'contacts.applied' }, at: DUE, ...SYSTEM, commandId: APPLIED }),
]
const TIMERS = [
  timer({}),
  timer({ family: 'noReply', threshold: 'remind1', generation: 1, dueAt: DUE + 9, state: 'pending', closedAt: null }),
]
const OUTBOX = [outbox(1, 'message', message), outbox(2, 'port', command)]
const ARRIVALS = [arrival(1, 'message', message), arrival(2, 'port', command)]
const ACKS = [ack({}), ack({ commandId: 'portal:b', event: 'contact.prove', revision: 2, contentVersion: 3 })]

interface Patch extends Partial<Omit<Evidence, 'tickets'>> {
  readonly log?: readonly LogEntry[]
  readonly timers?: readonly TimerRow[]
  readonly outbox?: readonly OutboxRow[]
  readonly standing?: string
}
function counted({ log = LOG, timers = TIMERS, outbox = OUTBOX, standing = 'waitingOnUs', ...patch }: Patch = {}) {
  const row = { id: 't1', standing } as TicketRow
  const tickets: TicketRecord[] = [{ row, log, timers, outbox }]
  const result = tally(
    {
      drainedAt: DUE,
      sent: new Set(['portal:a', 'portal:b']),
      refused: new Set(),
      acknowledged: ACKS,
      foreseen: [timer({ state: 'pending', closedAt: null })],
      arrivals: ARRIVALS,
      ...patch,
      tickets,
    },
    pengaduanRules,
  )
  return { ...result, lost: result.lost.map((it) => it.what), doubled: result.doubled.map((it) => it.what) }
}
const none = { lost: [], doubled: [] }
/** The same entry in a commit of its own at the end of the log. */
const again = (copy: LogEntry) => [...LOG, { ...copy, seq: 6, revision: 5 }]

describe('the count of a drill', () => {
  it('finds nothing where nothing went wrong', () => {
    expect(counted()).toEqual({ ...none, acknowledged: 2, timersFired: 1, effects: 2, redelivered: 0 })
  })

  describe('commands', () => {
    it('counts a command once, however often its answer was repeated', () => {
      const repeated = [...ACKS, ack({ replayed: true })]
      expect(counted({ acknowledged: repeated })).toMatchObject({ ...none, acknowledged: 2 })
    })
    it('says that an acknowledged command is lost', () => {
      const log = LOG.filter((it) => it.commandId !== 'portal:b')
      expect(counted({ log }).lost).toEqual(['command portal:b (contact.prove) is not in the log'])
    })
    it.each([
      ['another revision', { revision: 7 }, 'was acknowledged at revision 7, the log says 1'],
      ['another version', { contentVersion: 3 }, 'was acknowledged at version 3, the log says 2'],
      ['another event', { event: 'withdraw' }, 'is in the log of something else'],
      ['another ticket', { ticketId: 't2' }, 'is in the log of something else'],
    ])('says that a command is lost that the log has with %s', (_, patch: Partial<Acknowledgement>, why) => {
      const { lost } = counted({ acknowledged: [...ACKS, ack({ ...patch, replayed: true })] })
      expect(lost).toEqual([`command portal:a (${patch.event ?? 'ticket.file'}) ${why}`])
    })
    it('says that a command was applied twice', () => {
      expect(counted({ log: again(LOG[2]!) }).doubled).toEqual(['command portal:b was applied in 2 commits'])
      const log = LOG.flatMap((it) => (it.seq === 3 ? [it, it] : [it]))
      expect(counted({ log, acknowledged: [] }).doubled).toEqual(['command portal:b was applied twice in one commit'])
    })
    it('says that a command was applied which was refused or never sent', () => {
      expect(counted({ refused: new Set(['portal:b']) }).doubled).toEqual([
        'command portal:b was refused, and applied all the same',
      ])
      expect(counted({ sent: new Set(['portal:a']) }).doubled).toEqual([
        'command portal:b was applied, and nobody sent it',
      ])
    })
  })

  describe('timers', () => {
    const pending = timer({ state: 'pending', closedAt: null })
    const name = 'sla:resolution warn50 generation 2 of 2026-03-17T02:01:00.000Z'
    const withoutWarning = LOG.filter((it) => it.event.type !== 'sla.warn')

    it('says that a timer is lost: due and never fired', () => {
      expect(counted({ log: withoutWarning, timers: [pending] }).lost).toEqual([`timer ${name} never fired`])
    })
    it('leaves a timer alone that is not due yet', () => {
      expect(counted({ log: withoutWarning, timers: [pending], drainedAt: DUE - 1 })).toMatchObject(none)
    })
    it('says that a timer is lost: closed as fired without its event', () => {
      expect(counted({ log: withoutWarning }).lost).toEqual([
        `timer ${name} is closed as fired, its event is not in the log`,
      ])
    })
    it('says that a timer fired twice', () => {
      expect(counted({ log: again(LOG[3]!) }).doubled).toEqual([
        `timer ${name} fired 2 times for 1`,
        'timer sla:resolution warn50 in cycle 1 fired again',
      ])
    })
    it('says that a threshold fired again in its cycle under another generation', () => {
      const later = entry(6, 5, { event: { ...warned, generation: 3 }, at: DUE + 1, ...SYSTEM })
      const timers = [timer({}), timer({ generation: 3, dueAt: DUE + 1 })]
      expect(counted({ log: [...LOG, later], timers }).doubled).toEqual([
        'timer sla:resolution warn50 in cycle 1 fired again',
      ])
      const moves = [{ target: 'resolution', from: null, to: DUE + 2, reason: 'promised' }]
      const reopened = entry(6, 5, { event: { type: 'contacts.refused' }, ...SYSTEM, moves })
      expect(counted({ log: [...LOG, reopened, { ...later, seq: 7, revision: 6 }], timers })).toMatchObject(none)
    })
    it('tells two reminders of one deadline apart by their instants', () => {
      const remind = (seq: number, at: number) =>
        entry(seq, seq, { event: { type: 'noReply.remind', generation: 1 }, at, ...SYSTEM })
      const row = (threshold: string, dueAt: number) => timer({ family: 'noReply', threshold, generation: 1, dueAt })
      const timers = [...TIMERS, row('remind1', DUE - 2), row('remind2', DUE - 1)]
      expect(counted({ log: [...LOG, remind(6, DUE - 2), remind(7, DUE - 1)], timers })).toMatchObject(none)
      expect(counted({ log: [...LOG, remind(6, DUE - 2), remind(7, DUE - 2)], timers })).toMatchObject({
        lost: [expect.stringContaining('noReply.remind generation 1')],
        doubled: [expect.stringContaining('fired 2 times for 1')],
      })
    })
    it('misses a timer that was there before the first start', () => {
      expect(counted({ log: withoutWarning, timers: [] }).lost).toEqual([
        'timer sla:resolution warn50 generation 2 was there before the first start and is gone',
      ])
      const dropped = [timer({ state: 'superseded', closedAt: T0 })]
      expect(counted({ log: withoutWarning, timers: dropped }).lost).toEqual([
        'timer sla:resolution warn50 generation 2 was dropped although nothing closed its ticket',
      ])
      expect(counted({ log: withoutWarning, timers: dropped, standing: 'terminal' })).toMatchObject(none)
    })
  })

  describe('effects', () => {
    const held = (seq: number) => OUTBOX.map((it) => (it.seq === seq ? { ...it, deliveredAt: null } : it))

    it('counts a repetition under the same key as redelivered, not as doubled', () => {
      const arrivals = [...ARRIVALS, ARRIVALS[0]!, ARRIVALS[0]!]
      expect(counted({ arrivals })).toMatchObject({ ...none, effects: 2, redelivered: 2 })
    })
    it('says that an effect was done under two keys', () => {
      const rows = [...OUTBOX, outbox(3, 'port', { ...command, at: DUE })]
      const log = [...LOG, entry(6, 5, { ...SYSTEM, event: { type: 'x' }, commandId: 'system:outbox-t1-3' })]
      const arrivals = [...ARRIVALS, arrival(3, 'port', { ...command, at: DUE })]
      expect(counted({ log, outbox: rows, arrivals }).doubled).toEqual(['port replaceContacts was done under 2 keys'])
      const nextCycle = { ...command, data: { cycle: 2 } }
      const others = [...ARRIVALS, arrival(3, 'port', nextCycle)]
      expect(counted({ log, outbox: [...OUTBOX, outbox(3, 'port', nextCycle)], arrivals: others })).toMatchObject(none)
    })
    it('says that an effect was done that no row asked for', () => {
      const stray = { ...message, template: 'reminder' }
      expect(counted({ arrivals: [...ARRIVALS, arrival(9, 'message', stray)] }).doubled).toEqual([
        `message ${sentAs(9)} (reminder) was delivered, no row asked for it`,
      ])
    })
    it('says that an effect is lost: never delivered, or marked so without arriving', () => {
      expect(counted({ outbox: held(1), arrivals: ARRIVALS.slice(1) }).lost).toEqual([
        'message 1 (received) was never delivered',
      ])
      expect(counted({ arrivals: ARRIVALS.slice(1) }).lost).toEqual([
        'message 1 (received) is marked delivered and never arrived',
      ])
      expect(counted({ outbox: held(1), arrivals: ARRIVALS.slice(1), drainedAt: T0 - 1 }).lost).toEqual([])
    })
    it('says that a row is lost whose key brought something else', () => {
      const other = { ...ARRIVALS[0]!, body: { ...message, template: 'expired' } }
      expect(counted({ arrivals: [...ARRIVALS, other] }).lost).toEqual([
        `message ${sentAs(1)} (received) came again under its key with another body`,
      ])
    })
    it('says that an answer of an outside system is lost', () => {
      expect(counted({ log: LOG.slice(0, 4) }).lost).toEqual([
        'port 2 (replaceContacts) was answered, and its ticket never heard',
      ])
    })
  })
})
