import type { CounterStore } from '../../db/intake/counters.js'
import type { MessageLogRow, MessageStore } from '../../db/intake/messages.js'
import type { TaskRow, TaskStore } from '../../db/intake/tasks.js'
import type { Store } from '../../db/types.js'
import type { AuditWriter } from '../audit/index.js'
import type { Clock } from '../engine/clock.js'
import { PulihError } from '../engine/errors.js'
import type { TicketRow } from '../engine/types.js'
import type { Actor } from '../machines/ticketType.js'
import type { People, Vault } from '../privacy/index.js'
import type { Messenger } from './messenger.js'
import { RECEIPT_TEMPLATE } from './sending.js'
import type { Facts } from './templates/index.js'

export interface ResendOrder {
  readonly ticketId: string
  /** As the delivery log names it (`ref`). */
  readonly messageId: string
  readonly actor: Actor
  /** Of whoever asks; the same again is the same sending. */
  readonly key: string
}

/** A receipt or notice that did not arrive, sent once more (A51). */
export interface Resender {
  /**
   * Writes down that it is to be sent to everybody it is for, as they are now and with what it says now; audited first. Gives whether this
   * key had asked for it before. Throws NOT_FOUND; MESSAGE_NOT_RESENT for a code, which only its owner asks for anew, and for what is no
   * longer so; ERASED; TOO_MANY_REQUESTS; IDEMPOTENCY_KEY_REUSED; AUDIT_UNAVAILABLE.
   */
  resend(order: ResendOrder): Promise<{ readonly replayed: boolean }>
  readonly task: { readonly kind: string; run(task: TaskRow): Promise<void> }
}

export interface ResendParts {
  readonly store: Pick<Store, 'findTicket'>
  readonly log: MessageStore
  readonly tasks: Pick<TaskStore, 'addTask' | 'findTask'>
  readonly wake: () => void
  readonly counters: Pick<CounterStore, 'countRequest'>
  readonly audit: AuditWriter
  readonly vault: Pick<Vault, 'macs'>
  readonly people: Pick<People, 'contactsOf'>
  readonly clock: Clock
  readonly messenger: Pick<Messenger, 'deliver'>
  /** What a template would say of the ticket now. Throws ERASED. */
  readonly factsOf: (ticket: TicketRow, template: string) => Promise<Facts>
  readonly perTicketDay: number
}

const RESEND = 'resend_message'
const DAY_MS = 86_400_000
const LOGGED = 1_000

export function createResender(parts: ResendParts): Resender {
  const { log, tasks, audit, vault, clock, wake } = parts
  const rowsOf = (ticketId: string) => log.messagesOf(ticketId, LOGGED)
  return {
    async resend({ ticketId, messageId, actor, key }) {
      const [tag = ''] = vault.macs('resend', `${actor.id}\n${key}`)
      const id = `${RESEND}-${tag}`
      const ref = `${messageId}.${tag}`
      const known = await tasks.findTask(id)
      if (known !== null) return sameAs(known, ticketId, ref)
      const message = await resendable(parts, ticketId, messageId, await rowsOf(ticketId))
      await count(parts, ticketId)
      const detail = { template: message.template, loggedAt: message.at }
      const by = { actorId: actor.id, actorRole: actor.role }
      const at = clock.now()
      await audit.record({ at, ...by, action: 'message.resend', ticketId, subject: tag, detail })
      const added = await tasks.addTask({ id, kind: RESEND, ticketId, ref, dueAt: at, createdAt: at })
      wake()
      if (added) return { replayed: false }
      const first = await tasks.findTask(id)
      if (first === null) throw new PulihError('CONFLICT', 'this sending is being written down')
      return sameAs(first, ticketId, ref)
    },
    task: {
      kind: RESEND,
      async run({ ticketId, ref }) {
        const messageId = ref.slice(0, ref.lastIndexOf('.'))
        const rows = (await rowsOf(ticketId)).filter((it) => it.ref === messageId)
        const [row] = rows
        if (row === undefined) return
        const audience = audienceOf(rows)
        try {
          await parts.messenger.deliver({ ref, ticketId, template: row.template, audience })
        } catch (error) {
          // Whoever was erased since is told nothing any more.
          if (!(error instanceof PulihError) || error.code !== 'ERASED') throw error
        }
      },
    },
  }
}

/** Whom it went to the first time: it says so itself. */
const audienceOf = (rows: readonly MessageLogRow[]) =>
  rows.some((it) => it.recipient.startsWith('old')) ? 'allChannels' : 'participant'

function sameAs(known: TaskRow, ticketId: string, ref: string): { readonly replayed: true } {
  if (known.ticketId !== ticketId || known.ref !== ref)
    throw new PulihError('IDEMPOTENCY_KEY_REUSED', 'this key was used for another message')
  return { replayed: true }
}

const WHY = {
  codeNeverResent: {
    id: 'Kode tidak pernah dikirim ulang; peserta meminta kode baru sendiri.',
    en: 'A code is never sent again; the participant asks for a new one.',
  },
  noLongerSo: {
    id: 'Isinya tidak berlaku lagi, atau sudah ada pesan yang lebih baru.',
    en: 'It is no longer so, or something newer was said.',
  },
} as const
const refusal = (guard: keyof typeof WHY) =>
  new PulihError('MESSAGE_NOT_RESENT', 'this message is not sent again', { reasons: [{ guard, ...WHY[guard] }] })

/** Templates that ask the participant for something: true only while the ticket waits for them. */
const ASKING = new Set(['documents.requested', 'correction.requested', 'referred', 'reminder'])

/** The message, if it may be said again: the last that was said, or the receipt, while it is still so. */
async function resendable(
  parts: ResendParts,
  ticketId: string,
  messageId: string,
  rows: readonly MessageLogRow[],
): Promise<MessageLogRow> {
  const message = rows.find((it) => it.ref === messageId)
  const ticket = await parts.store.findTicket(ticketId)
  if (message === undefined || ticket === null) throw new PulihError('NOT_FOUND', 'no such message of this ticket')
  const { template } = message
  if (template.startsWith('code.')) throw refusal('codeNeverResent')
  const last = rows.findLast((it) => !it.template.startsWith('code.') && it.template !== RECEIPT_TEMPLATE)
  if (template !== RECEIPT_TEMPLATE && last?.template !== template) throw refusal('noLongerSo')
  const facts = await parts.factsOf(ticket, template)
  const isStill =
    (!ASKING.has(template) || facts.paused) &&
    (template !== 'documents.requested' || facts.documents.length > 0) &&
    (template !== 'hold.started' || facts.holdUntil !== null)
  if (!isStill) throw refusal('noLongerSo')
  // To the participant alone it goes to proven contacts: without one nobody would be sent anything.
  if (audienceOf(rows.filter((it) => it.ref === messageId)) === 'participant') {
    const contacts = await parts.people.contactsOf(ticketId)
    if (!contacts.some((it) => it.proven)) throw refusal('noLongerSo')
  }
  return message
}

/** Throws TOO_MANY_REQUESTS: an officer, or whoever took an officer's session, is no mail bomb either. */
async function count({ counters, vault, clock, perTicketDay }: ResendParts, ticketId: string): Promise<void> {
  const [mac = ''] = vault.macs('limit', `resendsPerTicketDay|${ticketId}`)
  const now = clock.now()
  const { points, expiresAt } = await counters.countRequest(`resendsPerTicketDay:${mac}`, 1, DAY_MS, now)
  if (points <= perTicketDay) return
  const retryAfter = Math.max(1, Math.ceil((expiresAt - now) / 1_000))
  throw new PulihError('TOO_MANY_REQUESTS', 'messages of this ticket were sent again too often', { retryAfter })
}
