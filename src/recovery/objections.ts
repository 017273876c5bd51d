import { createHash, timingSafeEqual } from 'node:crypto'
import type { ApprovalStore } from '../../db/staff/approvals.js'
import type { Store } from '../../db/types.js'
import type { Clock } from '../engine/clock.js'
import { PulihError } from '../engine/errors.js'
import type { Engine, TicketRow } from '../engine/types.js'
import type { Vault } from '../privacy/index.js'
import type { RecoveryWatch } from './watch.js'

export type RecipientName = 'newEmail' | 'newPhone' | 'oldEmail' | 'oldPhone'

/** What a notice of a hold carries for one told contact: a link's token, and a short code for whoever cannot follow a link. */
export interface NotMe {
  readonly token: string
  readonly code: string
}

export interface Objections {
  /** For one told contact of the hold that runs now; null when none runs. The same however often it is asked: a notice is sent until it arrives. */
  linkFor(ticket: TicketRow, recipient: RecipientName): Promise<NotMe | null>
  /** "Bukan saya": freezes at once. Throws NOT_FOUND for every link that does not stand, whatever the reason (A28). */
  objectWith(token: string): Promise<void>
  /** The same by ticket number and the short code of a notice. */
  objectByCode(ticketNumber: string, code: string): Promise<void>
}

export interface ObjectionParts {
  readonly store: Pick<Store, 'findTicket' | 'findTicketByNumber'>
  readonly approvals: Pick<ApprovalStore, 'addLink' | 'findLink' | 'linksOf' | 'useLink'>
  readonly vault: Pick<Vault, 'macs'>
  readonly engine: Pick<Engine, 'handle'>
  readonly clock: Clock
  readonly watch: RecoveryWatch
}

const TOKEN = /^[A-Za-z0-9_-]{43}$/
/** Nothing in it can be taken for something else. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const CODE_LENGTH = 8
const OBJECTOR = { id: 'objector', role: 'portal' } as const

/** The hold a link belongs to: the approval's cycle, and which hold of it. */
interface Hold {
  readonly cycle: number
  readonly generation: number
}

/** Links of holds. A token is 32 bytes that only the key can make, so a notice that is sent again carries the same one and no token is kept. */
export function createObjections(parts: ObjectionParts): Objections {
  const { store, approvals, vault, clock } = parts
  const tokensOf = (ticketId: string, { cycle, generation }: Hold, recipient: string): readonly string[] =>
    vault.macs('objection', [ticketId, cycle, generation, recipient].join('|'))

  return {
    async linkFor(ticket, recipient) {
      const hold = holdOf(ticket)
      const [token] = hold === null ? [] : tokensOf(ticket.id, hold, recipient)
      if (hold === null || token === undefined) return null
      await approvals.addLink({ hash: hashOf(token), ticketId: ticket.id, ...hold, recipient, createdAt: clock.now() })
      return { token, code: codeOf(token) }
    },
    async objectWith(token) {
      const link = TOKEN.test(token) ? await approvals.findLink(hashOf(token)) : null
      const ticket = link === null ? null : await store.findTicket(link.ticketId)
      if (link === null || ticket === null) throw unknown()
      await object(parts, ticket, link)
    },
    async objectByCode(ticketNumber, code) {
      const typed = Buffer.from(normalised(code))
      const ticket = await store.findTicketByNumber(ticketNumber.trim().toUpperCase())
      if (ticket === null || typed.length !== CODE_LENGTH) throw unknown()
      const links = await approvals.linksOf(ticket.id)
      const link = links.find((it) =>
        tokensOf(ticket.id, it, it.recipient).some((token) => timingSafeEqual(Buffer.from(codeOf(token)), typed)),
      )
      if (link === undefined) throw unknown()
      await object(parts, ticket, link)
    },
  }
}

async function object(
  { approvals, engine, clock, watch }: ObjectionParts,
  ticket: TicketRow,
  link: Hold & { readonly hash: string; readonly usedAt: number | null },
): Promise<void> {
  const cycle = cycleOf(ticket)
  // Somebody else of the told, or the same one twice: it is frozen already, and that is all there is to say.
  if (ticket.state === 'frozen' && cycle === link.cycle) return
  if (ticket.state !== 'onHold' || cycle !== link.cycle || link.usedAt !== null) throw unknown()
  try {
    const event = { type: 'objection.raise' }
    await engine.handle({ ticketId: ticket.id, event, actor: OBJECTOR, key: `objection:${link.hash}`, fingerprint: '' })
  } catch (error) {
    // The hold ended in this very moment, or somebody came first: the state tells which, at the next try.
    if (error instanceof PulihError && error.code === 'EVENT_NOT_ALLOWED') throw unknown()
    throw error
  }
  await approvals.useLink(link.hash, clock.now())
  await watch.alarm('objection.raised', { ticketId: ticket.id, actorId: OBJECTOR.id, code: 'OBJECTION' })
}

const unknown = () => new PulihError('NOT_FOUND', 'no link that stands')

function holdOf(ticket: TicketRow): Hold | null {
  const generation = ticket.schedule.deadlines.find((it) => it.name === 'hold')?.generation
  return ticket.state === 'onHold' && generation !== undefined ? { cycle: cycleOf(ticket), generation } : null
}
const cycleOf = (ticket: TicketRow): number => Number(ticket.snapshot.context['cycle'] ?? 0)

/** A plain hash will do for 256 bits that nobody can guess. */
const hashOf = (token: string): string => createHash('sha256').update(token, 'ascii').digest('base64url')

/** 40 bits for whoever types: guessed over the network they are bounded, and each ticket has another. */
function codeOf(token: string): string {
  const bytes = createHash('sha256').update(`code|${token}`, 'ascii').digest()
  return Array.from({ length: CODE_LENGTH }, (_, n) => ALPHABET[(bytes[n] ?? 0) % ALPHABET.length]).join('')
}
/** As people type: small letters, spaces, O for 0 and I or L for 1. */
const normalised = (code: string): string =>
  code.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1')
