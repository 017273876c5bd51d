import type { Channel } from '../../db/intake/people.js'
import type { Store } from '../../db/types.js'
import { PulihError } from '../engine/errors.js'
import { isTicketNumber } from '../engine/ids.js'
import type { Ids } from '../engine/ids.js'
import type { People } from '../privacy/index.js'
import type { Codes } from './codes.js'
import type { IssuedToken, Sessions } from './sessions.js'
import type { TaskHandler, Tasks } from './tasks.js'

/** For a filer who lost the status token: a code to the new contact that they have proven opens the ticket anew (A20, R-TOK-3). */
export interface Access {
  /** Says nothing about whether there is such a ticket: everything that depends on it happens behind the answer. */
  request(ticketNumber: string, channel: Channel): Promise<void>
  /** A new token; every earlier one is revoked. Throws CODE_INVALID for whatever was wrong, LIMITER_UNAVAILABLE. */
  verify(ticketNumber: string, channel: Channel, code: string): Promise<IssuedToken>
}

interface Parts {
  readonly store: Pick<Store, 'findTicketByNumber'>
  readonly people: Pick<People, 'contactsOf'>
  readonly codes: Codes
  readonly sessions: Sessions
  readonly tasks: Tasks
  readonly ids: Pick<Ids, 'id'>
}
const ACCESS_CODE = 'access_code'
const CHANNELS: readonly Channel[] = ['email', 'phone']

export function createAccess(parts: Parts): Access {
  const { store, codes, sessions, tasks, ids } = parts
  return {
    async request(ticketNumber, channel) {
      // The number stands where a ticket's id would: which ticket it is, if any, is found out later. Not well formed, it is nobody's.
      if (isTicketNumber(ticketNumber)) await tasks.ask(ACCESS_CODE, canonical(ticketNumber), `${channel}:${ids.id()}`)
    },
    async verify(ticketNumber, channel, code) {
      const wrong = () => new PulihError('CODE_INVALID', 'number, channel or code is wrong')
      const ticket = isTicketNumber(ticketNumber) ? await store.findTicketByNumber(canonical(ticketNumber)) : null
      if (ticket === null) throw wrong()
      try {
        await codes.verify({ ticketId: ticket.id, channel, purpose: 'access', code })
      } catch (error) {
        // Which of the reasons it was would tell that the number exists.
        if (error instanceof PulihError && error.code.startsWith('CODE_')) throw wrong()
        throw error
      }
      await sessions.revokeAll(ticket.id)
      return sessions.issue(ticket.id)
    },
  }
}

/** Sends the code, if the number is a ticket's and the contact on this channel is proven. A spent budget is nobody's to see. */
export const accessCodeHandler = (parts: Pick<Parts, 'store' | 'people' | 'codes'>): TaskHandler => ({
  kind: ACCESS_CODE,
  async run({ ticketId: ticketNumber, ref }) {
    const channel = CHANNELS.find((it) => ref.startsWith(`${it}:`))
    const ticket = await parts.store.findTicketByNumber(ticketNumber)
    if (ticket === null || channel === undefined) return
    try {
      const contact = (await parts.people.contactsOf(ticket.id)).find((it) => it.channel === channel)
      if (contact?.proven !== true) return
      await parts.codes.request({ ticketId: ticket.id, channel, purpose: 'access' })
    } catch (error) {
      if (!(error instanceof PulihError) || !QUIET.has(error.code)) throw error
    }
  },
})
const QUIET: ReadonlySet<string> = new Set(['TOO_MANY_REQUESTS', 'ERASED', 'KEY_UNKNOWN'])

/** As it was given out: `PGD-XXXX-XXXX`. */
const canonical = (text: string): string => {
  const plain = text.toUpperCase().replaceAll('-', '')
  return `${plain.slice(0, 3)}-${plain.slice(3, 7)}-${plain.slice(7)}`
}
