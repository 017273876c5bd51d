import type { MessageStore } from '../../db/intake/messages.js'
import type { Clock } from '../engine/clock.js'
import type { Ids } from '../engine/ids.js'
import type { Mailer } from '../ports/mail.js'
import type { SmsGateway } from '../ports/sms.js'
import type { Vault } from '../privacy/index.js'

/** A message as the local mailbox shows it. */
export interface LocalMessage {
  readonly id: string
  readonly ticketId: string | null
  readonly channel: 'email' | 'sms'
  readonly template: string
  readonly at: number
  readonly to: string
  readonly subject: string | null
  readonly text: string
}
/** Stands in for mail and SMS on embedded defaults, and shows both. What it keeps is sealed under the ticket's key like everything personal. */
export interface LocalMailbox {
  readonly mailer: Mailer
  readonly sms: SmsGateway
  /** Newest first; what can no longer be opened (erased) is left out. */
  list(limit: number): Promise<readonly LocalMessage[]>
}

interface Parts {
  readonly store: MessageStore
  readonly vault: Pick<Vault, 'sealJson' | 'openJson'>
  readonly clock: Clock
  readonly ids: Pick<Ids, 'id'>
}
interface Content {
  readonly to: string
  readonly subject: string | null
  readonly text: string
}

const placeOf = (ticketId: string | null, row: string) => ({ ticketId, table: 'local_mail', column: 'sealed', row })

export function localMailbox({ store, vault, clock, ids }: Parts): LocalMailbox {
  const keep = async (
    channel: 'email' | 'sms',
    ticketId: string,
    template: string,
    content: Content,
  ): Promise<void> => {
    const id = ids.id()
    const sealed = await vault.sealJson(placeOf(ticketId, id), content)
    await store.addLocalMail({ id, ticketId, channel, template, sealed, at: clock.now() })
  }
  return {
    mailer: {
      send: ({ to, subject, text, ticketId, template }) => keep('email', ticketId, template, { to, subject, text }),
    },
    sms: { send: ({ to, text, ticketId, template }) => keep('sms', ticketId, template, { to, subject: null, text }) },
    async list(limit) {
      const rows = await store.localMail(limit)
      const opened = await Promise.all(
        rows.map(async ({ sealed, ...row }): Promise<LocalMessage | null> => {
          const content = (await vault
            .openJson(placeOf(row.ticketId, row.id), sealed)
            .catch(() => null)) as Content | null
          return content === null ? null : { ...row, ...content }
        }),
      )
      return opened.filter((it) => it !== null)
    },
  }
}
