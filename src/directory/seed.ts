import type { DirAccountRow, DirCardRow, DirectoryStore, DirParticipantRow } from '../../db/intake/directory.js'
import type { Clock } from '../engine/clock.js'
import type { Vault } from '../privacy/index.js'
import { accountPlace, participantPlace, type SealedAccount, type SealedParticipant } from './rows.js'
import { syntheticPeople, type SyntheticPerson } from './synthetic.js'

export interface DirectoryParts {
  readonly store: DirectoryStore
  readonly vault: Vault
  readonly clock: Clock
}

export const SYNTHETIC_SEED = 2026
export const SYNTHETIC_SIZE = 5_000

/**
 * Fills an empty embedded directory with synthetic people, all or none; one that holds anybody stays as it is. Gives how many were added.
 * Never for production: whoever calls this asks first.
 */
export async function seedDirectory(
  { store, vault, clock }: DirectoryParts,
  { seed = SYNTHETIC_SEED, size = SYNTHETIC_SIZE }: { readonly seed?: number; readonly size?: number } = {},
): Promise<number> {
  if ((await store.countDirParticipants()) > 0) return 0
  const people = syntheticPeople(seed, size, clock.now())
  const participants: DirParticipantRow[] = []
  const cards: DirCardRow[] = []
  const accounts: DirAccountRow[] = []
  for (const person of people) {
    const { id, ...sealed } = person.participant
    const nikIndex = vault.index('nik', sealed.nik).value
    participants.push({
      id,
      nikIndex,
      sealed: await vault.sealJson(participantPlace(id), sealed satisfies SealedParticipant),
    })
    for (const { kpj } of sealed.cards) cards.push({ kpjIndex: vault.index('kpj', kpj).value, participantId: id })
    for (const account of person.accounts)
      accounts.push(await accountRow(vault, { account, participantId: id, nikIndex, at: clock.now() }))
  }
  await store.addDirectory({ participants, cards, accounts })
  return participants.length
}

interface NewAccount {
  readonly account: SyntheticPerson['accounts'][number]
  readonly participantId: string
  readonly nikIndex: string
  readonly at: number
}

async function accountRow(
  vault: Vault,
  { account: { id, state, ...rest }, participantId, nikIndex, at }: NewAccount,
): Promise<DirAccountRow> {
  const sealed = await vault.sealJson(accountPlace(id), rest satisfies SealedAccount)
  return { id, participantId, nikIndex, state, version: 1, sealed, sessionsRevokedAt: null, updatedAt: at }
}
