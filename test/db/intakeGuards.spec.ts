import { expect, it } from 'vitest'
import { MONDAY, idOf } from './rows.js'
import { onBothDatabases, openPrivacyWorld } from '../privacy/world.js'

const A = idOf(1)
const B = idOf(2)
const HASH = 'h'.repeat(43)
const text = (value: string | number | null) =>
  value === null ? 'NULL' : typeof value === 'number' ? String(value) : `'${value}'`
const insert = (table: string, row: Record<string, string | number | null>) =>
  `INSERT INTO ${table} (${Object.keys(row).join(', ')}) VALUES (${Object.values(row).map(text).join(', ')})`

const contact = {
  ticket_id: A,
  channel: 'email',
  generation: 2,
  sealed: 'x',
  proven_generation: null,
  proven_at: null,
  updated_at: 1,
}
const challenge = {
  ...{
    id: 'c1',
    ticket_id: A,
    purpose: 'prove',
    channel: 'email',
    generation: 1,
    address_index: 'a',
    created_at: 1,
    tries: 2,
  },
  ...{ sent_at: 2, expires_at: 3, code_mac: 'm', consumed_at: 4 },
}
const token = { hash: HASH, ticket_id: A, purpose: 'status', created_at: 1, expires_at: 9, revoked_at: 2 }
const document = {
  ...{ id: 'd1', ticket_id: A, kind: 'KTP', state: 'refused', code: 'X', media: 'image/jpeg', bytes: 1, sha256: 's' },
  ...{ content_index: 'i', pages: 0, uploader_id: 'u', received_at: 1 },
}
const task = {
  id: 't1',
  kind: 'k',
  ticket_id: A,
  ref: '1',
  state: 'done',
  due_at: 1,
  attempts: 1,
  created_at: 1,
  finished_at: 2,
}
const account = {
  id: 'a1',
  participant_id: 'p1',
  nik_index: 'n',
  state: 'active',
  version: 1,
  sealed: 'x',
  updated_at: 1,
}
const identity = {
  ticket_id: A,
  version: 1,
  sealed: 'x',
  notice_version: '1',
  purpose: 'p',
  legal_basis: 'l',
  created_at: 1,
  updated_at: 1,
}
const match = {
  ticket_id: B,
  identity_version: 1,
  outcome: 'found',
  participant_id: null,
  findings: '{}',
  matched_at: 1,
}
const message = {
  ...{ ref: 'r', recipient: 'x', ticket_id: A, channel: 'fax', template: 't', template_version: 1, outcome: 'sent' },
  ...{ attempts: 1, at: 1 },
}

const ROWS = [
  insert('ticket_keys', { ticket_id: A, key_id: 'k1', wrapped: 'w', created_at: MONDAY, destroyed_at: null }),
  insert('ticket_keys', { ticket_id: B, key_id: 'destroyed', wrapped: null, created_at: MONDAY, destroyed_at: MONDAY }),
  insert('tombstones', { ticket_id: B, reason: 'asked', erased_at: MONDAY }),
  insert('legal_holds', { ticket_id: A, reason: 'court', actor_id: 'x', placed_at: 1, lifted_at: null }),
  insert('identities', identity),
  insert('contacts', contact),
  insert('challenges', challenge),
  insert('access_tokens', token),
  insert('documents', document),
  insert('tasks', task),
  insert('dir_participants', { id: 'p1', nik_index: 'n', sealed: 'x' }),
  insert('dir_accounts', account),
]

const ATTACKS: readonly [what: string, sql: string, says: RegExp][] = [
  [
    'a destroyed key back again',
    `UPDATE ticket_keys SET wrapped = 'w', destroyed_at = NULL WHERE ticket_id = '${B}'`,
    /ticket_keys_destroyed_for_good/,
  ],
  [
    'a destroyed key renamed',
    `UPDATE ticket_keys SET key_id = 'k1' WHERE ticket_id = '${B}'`,
    /ticket_keys_destroyed_for_good/,
  ],
  ['a key deleted', `DELETE FROM ticket_keys WHERE ticket_id = '${A}'`, /ticket_keys_kept|FOREIGN KEY/],
  [
    'a key gone without a date',
    `UPDATE ticket_keys SET wrapped = NULL WHERE ticket_id = '${A}'`,
    /legal_hold|destroyed_matches/,
  ],
  [
    'A47: a key destroyed under a hold',
    `UPDATE ticket_keys SET wrapped = NULL, destroyed_at = 1 WHERE ticket_id = '${A}'`,
    /ticket_keys_legal_hold/,
  ],
  [
    'a second key',
    insert('ticket_keys', { ticket_id: A, key_id: 'k', wrapped: 'w', created_at: 1, destroyed_at: null }),
    /UNIQUE|ticket_keys_pk/,
  ],
  ['A47: a tombstone deleted', 'DELETE FROM tombstones', /tombstones_append_only/],
  ['A47: a tombstone changed', 'UPDATE tombstones SET erased_at = 2', /tombstones_append_only/],
  [
    'a person without a key',
    insert('identities', { ...identity, ticket_id: idOf(9) }),
    /FOREIGN KEY|identities_key_fk/,
  ],
  ['an identity of version 0', 'UPDATE identities SET version = 0', /identities_version_positive/],
  ['an address that goes back', 'UPDATE contacts SET generation = 1', /contacts_forward_only/],
  [
    'an address proven before it was given',
    'UPDATE contacts SET proven_generation = 3, proven_at = 1',
    /contacts_proven_known/,
  ],
  ['a proof without an instant', 'UPDATE contacts SET proven_generation = 2', /contacts_proven_matches/],
  ['a third channel', insert('contacts', { ...contact, channel: 'fax' }), /contacts_channel_known/],
  [
    'a generation 0',
    insert('contacts', { ...contact, channel: 'phone', generation: 0 }),
    /contacts_generation_positive/,
  ],
  ['tries forgotten', 'UPDATE challenges SET tries = 1', /challenges_tries_only_grow/],
  ['a code consumed again', 'UPDATE challenges SET consumed_at = 5', /challenges_consumed_once/],
  ['a code unconsumed', 'UPDATE challenges SET consumed_at = NULL', /challenges_consumed_once/],
  ['a code for another address', `UPDATE challenges SET address_index = 'b'`, /challenges_address_fixed/],
  ['a code for another ticket', `UPDATE challenges SET ticket_id = '${B}'`, /challenges_address_fixed/],
  ['a code for another purpose', `UPDATE challenges SET purpose = 'access'`, /challenges_address_fixed/],
  ['a code for another generation', 'UPDATE challenges SET generation = 2', /challenges_address_fixed/],
  [
    'a code consumed that was never sent',
    insert('challenges', { ...challenge, id: 'c2', sent_at: null, expires_at: null, code_mac: null }),
    /challenges_consumed_was_sent/,
  ],
  [
    'a code sent without a MAC',
    insert('challenges', { ...challenge, id: 'c2', code_mac: null }),
    /challenges_sent_matches/,
  ],
  ['tries without end', 'UPDATE challenges SET tries = 1001', /challenges_tries_bounded/],
  ['a token given back', 'UPDATE access_tokens SET revoked_at = NULL', /access_tokens_revoked_for_good/],
  ['a token for another ticket', `UPDATE access_tokens SET ticket_id = '${B}'`, /access_tokens_revoked_for_good/],
  ['a token that lives longer', 'UPDATE access_tokens SET expires_at = 10', /access_tokens_revoked_for_good/],
  ['a token for another purpose', `UPDATE access_tokens SET purpose = 'objection'`, /access_tokens_revoked_for_good/],
  ['a refused document accepted', `UPDATE documents SET state = 'accepted', code = NULL, pages = 1`, /documents_final/],
  ['evidence exchanged', `UPDATE documents SET sha256 = 't'`, /documents_evidence_fixed/],
  ['evidence of another kind', `UPDATE documents SET kind = 'KK'`, /documents_evidence_fixed/],
  ['evidence of somebody else', `UPDATE documents SET uploader_id = 'v'`, /documents_evidence_fixed/],
  ['a refusal without a reason', `UPDATE documents SET code = NULL`, /documents_refused_says_why/],
  [
    'an acceptance without pages',
    insert('documents', { ...document, id: 'd2', state: 'accepted', code: null }),
    /documents_accepted_has_pages/,
  ],
  [
    'a page of no document',
    insert('document_pages', { document_id: 'd9', page: 1, file_ref: 'f', sha256: 's', bytes: 1, width: 1, height: 1 }),
    /FOREIGN KEY|document_pages_document_fk/,
  ],
  ['a match that found nobody', insert('matches', match), /matches_participant_matches/],
  [
    'a case competing with itself',
    insert('competing_cases', { ticket_id: A, other_id: A, linked_at: 1 }),
    /competing_cases_ordered/,
  ],
  ['a message on an unknown channel', insert('message_log', message), /message_log_channel_known/],
  [
    'a second active account of one NIK',
    insert('dir_accounts', { ...account, id: 'a2' }),
    /UNIQUE|dir_accounts_one_active/,
  ],
  ['finished work done again', `UPDATE tasks SET state = 'pending', finished_at = NULL`, /tasks_finished_for_good/],
  [
    'finished work without an instant',
    insert('tasks', { ...task, id: 't2', ref: '2', finished_at: null }),
    /tasks_finished_matches/,
  ],
  ['work asked for twice', insert('tasks', { ...task, id: 't2' }), /UNIQUE|tasks_once/],
  [
    'an unknown verdict on a domain',
    insert('email_domains', { domain: 'd', verdict: 'maybe', reason: 'r', actor_id: 'a', decided_at: 1 }),
    /email_domains_verdict_known/,
  ],
]

onBothDatabases('SQL refuses by itself what people and proofs must not become', (newPlace) => {
  it(`${ATTACKS.length} attacks`, async () => {
    const { raw } = await openPrivacyWorld(await newPlace())
    for (const sql of ROWS) await raw(sql)
    for (const [what, sql, says] of ATTACKS) await expect(raw(sql), what).rejects.toThrow(says)
  })

  it('of two who change one address, and two who correct one identity, one comes first', async () => {
    const { services, file } = await openPrivacyWorld(await newPlace())
    const id = await file()
    const fates = await Promise.allSettled(
      Array.from({ length: 8 }, (_, n) => services.people.changeContact(id, 'email', `n${n}@contoh.example`)),
    )
    const won = fates.filter((it) => it.status === 'fulfilled')
    const generation = 1 + won.length
    expect(won.length).toBeGreaterThan(0)
    expect(new Set(won.map((it) => it.value)).size).toBe(won.length)
    expect(
      fates.filter((it) => it.status === 'rejected').every((it) => (it.reason as { code: string }).code === 'CONFLICT'),
    ).toBe(true)
    const email = (await services.people.contactsOf(id)).find((it) => it.channel === 'email')
    expect(email).toMatchObject({ generation, proven: false })
    const { identity } = (await services.people.identityOf(id))!
    const corrections = await Promise.allSettled(
      Array.from({ length: 8 }, (_, n) => services.people.correct(id, { ...identity, name: `Nama ${n}` }, 1)),
    )
    expect(corrections.filter((it) => it.status === 'fulfilled')).toHaveLength(1)
    expect((await services.people.identityOf(id))?.version).toBe(2)
  })

  it('a proof counts for the address that was proven, once, and a new address has none', async () => {
    const { store, file, clock, services } = await openPrivacyWorld(await newPlace())
    const { people } = store.intake
    const id = await file()
    const proofs = await Promise.all(Array.from({ length: 8 }, () => people.markProven(id, 'email', 1, clock.now())))
    expect(proofs.filter(Boolean)).toHaveLength(1)
    await services.people.changeContact(id, 'email', 'lain@contoh.example')
    expect(await people.markProven(id, 'email', 1, clock.now())).toBe(false)
    expect((await services.people.contactsOf(id)).find((it) => it.channel === 'email')?.proven).toBe(false)
  })

  it('of many who want one key for a ticket one makes it, and everybody seals under that one', async () => {
    const { services, newId, store } = await openPrivacyWorld(await newPlace())
    const id = newId()
    await Promise.all(Array.from({ length: 12 }, () => services.vault.newKey(id)))
    const place = { ticketId: id, table: 't', column: 'c', row: 'r' }
    const sealed = await Promise.all(Array.from({ length: 12 }, (_, n) => services.vault.seal(place, String(n))))
    services.vault.forget(id)
    const opened = await Promise.all(sealed.map(async (it) => (await services.vault.open(place, it)).toString()))
    expect(opened).toEqual(Array.from({ length: 12 }, (_, n) => String(n)))
    const row = (await store.intake.keys.findKey(id))!
    const moves = await Promise.all([1, 2, 3].map((n) => store.intake.keys.rewrapKey(id, row.keyId, `n${n}`, 'w')))
    expect(moves.filter(Boolean)).toHaveLength(1)
  })

  it('work is given to one of many at a time, again after its lease, and never once finished', async () => {
    const { store, newId } = await openPrivacyWorld(await newPlace())
    const { tasks } = store.intake
    const ticketId = newId()
    for (let n = 0; n < 20; n++)
      expect(await tasks.addTask({ id: newId(), kind: 'k', ticketId, ref: String(n), dueAt: n, createdAt: 0 })).toBe(
        true,
      )
    expect(await tasks.addTask({ id: newId(), kind: 'k', ticketId, ref: '3', dueAt: 0, createdAt: 0 })).toBe(false)
    const taken = (await Promise.all(Array.from({ length: 6 }, () => tasks.claimTasks(['k'], 100, 50, 20)))).flat()
    expect(new Set(taken.map((it) => it.id)).size).toBe(taken.length)
    const rest = await tasks.claimTasks(['k'], 100, 50, 20)
    expect(new Set([...taken, ...rest].map((it) => it.ref)).size).toBe(20)
    expect(await tasks.claimTasks(['k'], 149, 50, 20)).toEqual([])
    const again = await tasks.claimTasks(['k'], 150, 50, 20)
    expect(again.map((it) => it.attempts)).toEqual(Array.from({ length: 20 }, () => 2))
    await tasks.finishTask(again[0]!.id, 160)
    await tasks.deferTask(again[1]!, null, 'GAVE_UP', 160)
    await tasks.deferTask(again[2]!, 500, 'LATER', 160)
    expect(await tasks.claimTasks(['k'], 400, 50, 99)).toHaveLength(17)
    expect(await tasks.findTask(again[1]!.id)).toMatchObject({ state: 'failed', reason: 'GAVE_UP' })
    expect(await tasks.countTasks('done', 9)).toBe(1)
  })
})
