import type { PeopleStore } from '../../db/intake/people.js'
import type { Clock } from '../engine/clock.js'
import type { Participant, ParticipantDirectory } from '../ports/directory.js'
import type { Identity, People } from '../privacy/index.js'
import { ageOn, dayInJakarta } from './birthDate.js'
import { nikFlags } from './nik.js'

interface Parts {
  readonly store: Pick<PeopleStore, 'saveMatch'>
  readonly people: Pick<People, 'identityOf'>
  readonly directory: ParticipantDirectory
  readonly clock: Clock
}
const DAY_MS = 86_400_000
/** Contacts that changed so lately are a reason to look twice (R-RISK-1). */
const RECENT_MS = 90 * DAY_MS
const ADULT_YEARS = 18

/**
 * Looks the declared identity up behind the request (R42, R-ENUM-2) and keeps what was found for officers: codes, and the directory's own id.
 * The NIK selects a record and authorises nothing (ASVS 6.4.2). Gives the codes (riskCodes.ts). Throws UPSTREAM_UNAVAILABLE.
 */
export async function matchIdentity(parts: Parts, ticketId: string): Promise<readonly string[]> {
  const { people, directory, store, clock } = parts
  const declared = await people.identityOf(ticketId)
  if (declared === null) return []
  const { identity, version } = declared
  const participant = await directory.findByNik(identity.nik)
  const matchedAt = clock.now()
  const codes = [
    ...nikFlags(identity.nik, identity),
    ...(ageOn(identity.birthDate, dayInJakarta(matchedAt)) < ADULT_YEARS ? ['minor'] : []),
    ...(participant === null ? ['nik_not_found'] : findingsOf(identity, participant, matchedAt)),
    ...(await cardFindings(directory, identity, participant)),
  ]
  const findings = { codes }
  await store.saveMatch(
    participant === null
      ? { ticketId, identityVersion: version, outcome: 'notFound', participantId: null, findings, matchedAt }
      : { ticketId, identityVersion: version, outcome: 'found', participantId: participant.id, findings, matchedAt },
  )
  return codes
}

function findingsOf({ name, birthDate }: Identity, it: Participant, now: number): readonly string[] {
  const active = it.accounts.filter((account) => account.state === 'active')
  const seen: readonly (readonly [boolean, string])[] = [
    [lettersOf(name) !== lettersOf(it.name), 'name_differs'],
    [birthDate !== it.birthDate, 'birth_date_differs'],
    [it.status === 'deceased', 'deceased'],
    [it.status === 'inactive', 'membership_inactive'],
    [it.claimRunning, 'claim_running'],
    [active.length === 0, 'account_missing'],
    [active.length > 1, 'account_duplicate'],
    [active.some((account) => account.createdBy === 'employer'), 'account_by_employer'],
    [active.some((account) => (account.contactsChangedAt ?? 0) > now - RECENT_MS), 'contact_changed_recently'],
  ]
  return seen.flatMap(([is, code]) => (is ? [code] : []))
}

/** What the KPJ says, where one was given: several a person are normal, somebody else's is not (R45, R52). */
async function cardFindings(
  directory: ParticipantDirectory,
  { kpj }: Identity,
  participant: Participant | null,
): Promise<readonly string[]> {
  if (kpj === null) return []
  const card = participant?.cards.find((it) => it.kpj === kpj)
  if (card !== undefined) return card.status === 'inactive' ? ['kpj_inactive'] : []
  return [(await directory.findByKpj(kpj)) === null ? 'kpj_not_found' : 'kpj_of_another']
}

/** As people compare names: accents, case, spaces and full stops aside. */
const lettersOf = (name: string): string =>
  name
    .normalize('NFKD')
    .replaceAll(/[^\p{L}]/gu, '')
    .toLowerCase()
