import type { DirAccountRow, DirParticipantRow } from '../../db/intake/directory.js'
import { PulihError } from '../engine/errors.js'
import type { AccountService, ContactReplacement, Replacement } from '../ports/accounts.js'
import type { Account, Participant, ParticipantDirectory } from '../ports/directory.js'
import type { BlindIndex, Vault } from '../privacy/index.js'
import { accountPlace, participantPlace, SealedAccount, SealedParticipant } from './rows.js'
import type { DirectoryParts } from './seed.js'

type Parts = Pick<DirectoryParts, 'store' | 'vault'>

const valuesOf = (indexes: readonly BlindIndex[]): string[] => indexes.map((it) => it.value)

/** The participant directory in the same database: sealed rows, found by blind index. */
export function embeddedDirectory(parts: Parts): ParticipantDirectory {
  const { store, vault } = parts
  const opened = async (found: Promise<DirParticipantRow | null>) => {
    const row = await found
    return row === null ? null : participantOf(parts, row)
  }
  return {
    findByNik: (nik) => opened(store.findDirParticipantByNik(valuesOf(vault.indexes('nik', nik)))),
    findByKpj: (kpj) => opened(store.findDirParticipantByKpj(valuesOf(vault.indexes('kpj', kpj)))),
    findById: (id) => opened(store.findDirParticipant(id)),
  }
}

async function participantOf({ store, vault }: Parts, { id, sealed }: DirParticipantRow): Promise<Participant> {
  const known = SealedParticipant.parse(await vault.openJson(participantPlace(id), sealed))
  const rows = await store.dirAccountsOf(id)
  const accounts = await Promise.all(
    rows.map(async (row): Promise<Account> => {
      const { createdBy, contactsChangedAt } = await contactsIn(vault, row)
      return { id: row.id, state: row.state, createdBy, contactsChangedAt }
    }),
  )
  return { id, ...known, accounts }
}

const contactsIn = async (vault: Vault, { id, sealed }: DirAccountRow): Promise<SealedAccount> =>
  SealedAccount.parse(await vault.openJson(accountPlace(id), sealed))

/** Whoever changes the same account at the same time goes first; this many of them and something else is wrong. */
const TRIES = 20
/** One purpose per MAC: what was asked for under an idempotency key. */
const REQUEST = 'replacement'

/** The account service in the same database. */
export function embeddedAccounts(parts: DirectoryParts): AccountService {
  const { store, vault, clock } = parts
  const activeOf = async (participantId: string) => {
    const rows = await store.dirAccountsOf(participantId)
    return { any: rows.length > 0, active: rows.find((it) => it.state === 'active') }
  }
  return {
    async contactsOf(participantId) {
      const { active } = await activeOf(participantId)
      if (active === undefined) return null
      const { email, phone } = await contactsIn(vault, active)
      return { accountId: active.id, email, phone }
    },
    async replacementUnder(key) {
      const done = await store.findDirReplacement(key)
      return done === null ? null : { accountId: done.accountId }
    },
    async replaceContacts(asked) {
      for (let attempt = 0; attempt < TRIES; attempt++) {
        const known = await answered(parts, asked)
        if (known !== null) return known
        const { any, active } = await activeOf(asked.participantId)
        if (active === undefined) return refused(any ? 'ACCOUNT_DISABLED' : 'ACCOUNT_NOT_FOUND')
        if (await replace(parts, active, asked)) return { outcome: 'replaced', accountId: active.id }
      }
      throw new PulihError('UPSTREAM_UNAVAILABLE', 'This account is being changed by others.')
    },
    async revokeSessions(accountId) {
      await store.revokeDirSessions(accountId, clock.now())
    },
  }
}

const refused = (code: Extract<Replacement, { outcome: 'refused' }>['code']): Replacement => ({
  outcome: 'refused',
  code,
})

const wording = ({ participantId, email, phone }: ContactReplacement): string =>
  JSON.stringify([participantId, email, phone])

/** What this key was answered before; null for a new one. */
async function answered({ store, vault }: Parts, asked: ContactReplacement): Promise<Replacement | null> {
  const done = await store.findDirReplacement(asked.key)
  if (done === null) return null
  const same = vault.macs(REQUEST, wording(asked)).includes(done.requestIndex)
  return same ? { outcome: 'replaced', accountId: done.accountId } : refused('KEY_REUSED')
}

/** False when somebody else changed the account first, or used the key: to be looked at again. */
async function replace(
  { store, vault, clock }: DirectoryParts,
  before: DirAccountRow,
  asked: ContactReplacement,
): Promise<boolean> {
  const at = clock.now()
  const kept = await contactsIn(vault, before)
  const { email, phone } = asked
  const sealed = await vault.sealJson(accountPlace(before.id), { ...kept, email, phone, contactsChangedAt: at })
  const after = { ...before, version: before.version + 1, sealed, updatedAt: at }
  const [requestIndex] = vault.macs(REQUEST, wording(asked))
  if (requestIndex === undefined) throw new PulihError('KEY_UNKNOWN', 'The keyring has no index key.')
  try {
    return await store.replaceDirContacts(after, asked.key, requestIndex)
  } catch (error) {
    // The key was used meanwhile, on another account: its record says so.
    if ((await store.findDirReplacement(asked.key)) !== null) return false
    throw error
  }
}
