import type { MessagingConfig } from '../ports/messagingConfig.js'
import { smtpMailer } from '../ports/mail.js'
import { httpSmsGateway } from '../ports/sms.js'
import type { Ids } from '../engine/ids.js'
import type { Vault } from '../privacy/index.js'
import { localMailbox, type LocalMailbox } from './local.js'
import { factsOf } from './facts.js'
import { createMessenger, type Messenger, type MessengerParts } from './messenger.js'
import { createResender, type Resender, type ResendParts } from './resend.js'

/** Everything that goes out to people, by the configuration. */
export interface Messages {
  readonly messenger: Messenger
  readonly resender: Resender
  /** Null when mail and SMS both really leave. */
  readonly mailbox: LocalMailbox | null
  close(): void
}

type Parts = Omit<MessengerParts, 'mailer' | 'sms'> & {
  readonly vault: Pick<Vault, 'sealJson' | 'openJson' | 'macs'>
  readonly ids: Pick<Ids, 'id'>
} & Pick<ResendParts, 'tasks' | 'wake' | 'counters' | 'audit' | 'perTicketDay'>

/** SMTP and the SMS gateway where they are configured, the local mailbox where they are not. */
export function openMessages({ smtp, sms }: MessagingConfig, parts: Parts): Messages {
  const { log, vault, clock, ids } = parts
  const local = localMailbox({ store: log, vault, clock, ids })
  const post = smtp === null ? null : smtpMailer(smtp)
  const gateway = sms === null ? null : httpSmsGateway({ ...sms, clock })
  const messenger = createMessenger({ ...parts, mailer: post ?? local.mailer, sms: gateway ?? local.sms })
  return {
    messenger,
    resender: createResender({
      ...parts,
      messenger,
      factsOf: async (ticket, template) => factsOf(parts, ticket, await parts.people.contactsOf(ticket.id), template),
    }),
    mailbox: post === null || gateway === null ? local : null,
    close: () => post?.close(),
  }
}
