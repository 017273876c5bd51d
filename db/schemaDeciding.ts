import { sql } from 'drizzle-orm'
import type { ColumnKit } from './columns.pg.js'
import type { TicketKeys } from './schemaPeople.js'

/** What officers write down while they decide. Codes, ids and instants; the one text is sealed under its ticket's key. */
export function defineDecidingTables(c: ColumnKit, ticketKeys: TicketKeys) {
  /** Filed by an officer for somebody: at a branch, by telephone, by mail (R60, R62, D29). `steps`: what was seen or asked, as codes. */
  const assistedFilings = c.table(
    'assisted_filings',
    {
      ticketId: c.id('ticket_id'),
      channel: c.str('channel').$type<'walk_in' | 'telepon_175' | 'email_care'>().notNull(),
      actorId: c.str('actor_id').notNull(),
      officeId: c.str('office_id').notNull(),
      steps: c.json('steps').$type<readonly string[]>().notNull(),
      at: c.instant('at').notNull(),
    },
    (t) => [
      c.primaryKey({ name: 'assisted_filings_pk', columns: [t.ticketId] }),
      c.foreignKey({ name: 'assisted_filings_key_fk', columns: [t.ticketId], foreignColumns: [ticketKeys.ticketId] }),
      c.check('assisted_filings_channel_known', sql`${t.channel} in ('walk_in', 'telepon_175', 'email_care')`),
    ],
  )
  /** A note to the participant beside a coded reason; sealed, read on the status page, never in a mail. Gone with the person's data. */
  const ticketNotes = c.table(
    'ticket_notes',
    {
      id: c.id('id'),
      ticketId: c.id('ticket_id'),
      sealed: c.str('sealed').notNull(),
      actorId: c.str('actor_id').notNull(),
      at: c.instant('at').notNull(),
    },
    (t) => [
      c.primaryKey({ name: 'ticket_notes_pk', columns: [t.id] }),
      c.foreignKey({ name: 'ticket_notes_key_fk', columns: [t.ticketId], foreignColumns: [ticketKeys.ticketId] }),
      c.index('ticket_notes_ticket').on(t.ticketId, t.at),
    ],
  )
  /** Each time an officer had a KPJ traced (R41, R50): the result as a code, how many cards, never their numbers. */
  const kpjTraces = c.table(
    'kpj_traces',
    {
      id: c.id('id'),
      ticketId: c.id('ticket_id'),
      result: c.str('result').$type<'FOUND' | 'SEVERAL' | 'NONE' | 'NOT_REGISTERED'>().notNull(),
      cards: c.int('cards').notNull(),
      actorId: c.str('actor_id').notNull(),
      at: c.instant('at').notNull(),
    },
    (t) => [
      c.primaryKey({ name: 'kpj_traces_pk', columns: [t.id] }),
      c.index('kpj_traces_ticket').on(t.ticketId, t.at),
      c.check('kpj_traces_result_known', sql`${t.result} in ('FOUND', 'SEVERAL', 'NONE', 'NOT_REGISTERED')`),
      c.check('kpj_traces_cards_match', sql`(${t.cards} > 0) = (${t.result} in ('FOUND', 'SEVERAL'))`),
    ],
  )
  return { assistedFilings, ticketNotes, kpjTraces }
}
