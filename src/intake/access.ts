import type { Channel, PeopleStore } from '../../db/intake/people.js'
import type { Store } from '../../db/types.js'
import { PulihError } from '../engine/errors.js'
import { isTicketNumber } from '../engine/ids.js'
import type { Ids } from '../engine/ids.js'
import type { People, Vault } from '../privacy/index.js'
import type { Codes } from './codes.js'
import type { IssuedToken, Sessions } from './sessions.js'
import type { TaskHandler, Tasks } from './tasks.js'

/** For a filer who lost the status token: a code to the new contact that they have proven opens the ticket anew (A20, R-TOK-3). */
export interface Access {
  /**
   * Says nothing about whether there is such a ticket: everything that depends on it happens behind the answer. Gives the name of this
   * asking: its code opens nothing without it, so that whoever else asks or guesses spends tries of their own.
   */
  request(asked: AccessRequest): Promise<string>
  /** A new token; every earlier one is revoked. Throws CODE_INVALID for whatever was wrong, LIMITER_UNAVAILABLE. */
  verify(attempt: AccessTry): Promise<IssuedToken>
}
export interface AccessRequest {
  readonly ticketNumber: string
  readonly channel: Channel
  /** The asking device's own id, when it sent one. */
  readonly device: string | null
}
export interface AccessTry {
  readonly ticketNumber: string
  readonly channel: Channel
  readonly accessId: string
  readonly code: string
}

interface Parts {
  readonly store: Pick<Store, 'findTicketByNumber'> & {
    readonly intake: { readonly people: Pick<PeopleStore, 'indexesOf'> }
  }
  readonly people: Pick<People, 'contactsOf'>
  readonly codes: Codes
  readonly sessions: Sessions
  readonly tasks: Tasks
  readonly vault: Pick<Vault, 'indexes'>
  readonly ids: Pick<Ids, 'id'>
}
const ACCESS_CODE = 'access_code'
const CHANNELS: readonly Channel[] = ['email', 'phone']
/** Where no ticket is, a try is counted against none, in the same steps. */
const NO_TICKET = 'none'

export function createAccess(parts: Parts): Access {
  const { store, codes, sessions, tasks, vault, ids } = parts
  return {
    async request({ ticketNumber, channel, device }) {
      const accessId = ids.id()
      const index = device === null ? '' : (vault.indexes('device', device)[0]?.value ?? '')
      // The number stands where a ticket's id would: which ticket it is, if any, is found out later. Not well formed, it is nobody's.
      if (isTicketNumber(ticketNumber))
        await tasks.ask(ACCESS_CODE, canonical(ticketNumber), [channel, accessId, index].join('|'))
      return accessId
    },
    async verify({ ticketNumber, channel, accessId, code }) {
      const ticket = isTicketNumber(ticketNumber) ? await store.findTicketByNumber(canonical(ticketNumber)) : null
      const ticketId = ticket?.id ?? NO_TICKET
      try {
        await codes.verify({ ticketId, channel, purpose: 'access', code, id: accessId })
      } catch (error) {
        // Which of the reasons it was would tell that the number exists.
        if (error instanceof PulihError && error.code.startsWith('CODE_'))
          throw new PulihError('CODE_INVALID', 'number, channel or code is wrong')
        throw error
      }
      await sessions.revokeAll(ticketId)
      return sessions.issue(ticketId)
    },
  }
}

/** Sends the code, if the number is a ticket's and the contact on this channel is proven. A spent budget is nobody's to see. */
export const accessCodeHandler = (parts: Pick<Parts, 'store' | 'people' | 'codes'>): TaskHandler => ({
  kind: ACCESS_CODE,
  async run({ ticketId: ticketNumber, ref }) {
    const [way, id, device] = ref.split('|')
    const channel = CHANNELS.find((it) => it === way)
    const ticket = await parts.store.findTicketByNumber(ticketNumber)
    if (ticket === null || channel === undefined || id === undefined) return
    try {
      const contact = (await parts.people.contactsOf(ticket.id)).find((it) => it.channel === channel)
      if (contact?.proven !== true) return
      const found = await parts.store.intake.people.indexesOf(ticket.id)
      const knownDevice = found.some((it) => it.kind === 'device' && it.value === device)
      await parts.codes.request({ ticketId: ticket.id, channel, purpose: 'access', id, knownDevice })
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
