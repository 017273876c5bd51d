import { PulihError } from '../../engine/errors.js'
import { REGIONS } from '../../directory/regions.js'
import { birthDateOfNik, sexOfNik } from '../../intake/nik.js'
import { PROVINCES } from '../../intake/provinces.js'
import type { Participant, ParticipantDirectory } from '../../ports/directory.js'
import type { Identity, People } from '../../privacy/index.js'
import { compareDates, compareDigits, compareNames, UNKNOWN, type Comparison } from './compare.js'

/** One field of two sides; `other` null: nothing there. */
export interface ComparedField extends Comparison {
  readonly field: 'name' | 'nik' | 'birthDate' | 'kpj'
  readonly declared: string | null
  readonly other: string | null
}
/** A record of the directory that the declared data lead to. */
export interface ComparedRecord {
  readonly foundBy: readonly ('nik' | 'kpj')[]
  readonly status: Participant['status']
  readonly segment: Participant['segment']
  readonly arrearsMonths: number
  readonly registeredOn: string
  readonly claimRunning: boolean
  readonly fields: readonly ComparedField[]
  /** One a membership; several are normal (R52). */
  readonly cards: readonly {
    readonly kpj: string
    readonly status: 'active' | 'inactive'
    readonly declared: boolean
  }[]
  /** One active one is normal; more are looked into (R51). */
  readonly accounts: Participant['accounts']
}
export interface SideBySide {
  readonly ticketId: string
  readonly identityVersion: number
  readonly declared: Identity
  /** What the NIK says by itself; names are null where nobody knows the code. */
  readonly derived: {
    readonly sex: 'female' | 'male'
    readonly province: { readonly code: string; readonly name: string | null }
    readonly regency: { readonly code: string; readonly name: string | null }
    readonly birthDate: ComparedField
  }
  readonly directory: 'answered' | 'unreachable'
  readonly records: readonly ComparedRecord[]
  /** Against a directory that could not be asked: every field unknown. */
  readonly unasked: readonly ComparedField[]
}

interface Parts {
  readonly people: Pick<People, 'identityOf'>
  readonly directory: ParticipantDirectory
}

/**
 * Declared, known and derived next to each other, in the clear: whoever shows it masks it. Compares and decides nothing. Throws NOT_FOUND for
 * a ticket without a person, ERASED.
 */
export async function sideBySide({ people, directory }: Parts, ticketId: string): Promise<SideBySide> {
  const known = await people.identityOf(ticketId)
  if (known === null) throw new PulihError('NOT_FOUND', 'this ticket was filed without a person')
  const { identity, version } = known
  const found = await lookUp(directory, identity)
  return {
    ticketId,
    identityVersion: version,
    declared: identity,
    derived: derivedOf(identity),
    directory: found === null ? 'unreachable' : 'answered',
    records: (found ?? []).map(({ participant, foundBy }) => recordOf(identity, participant, foundBy)),
    unasked: found === null ? unaskedOf(identity) : [],
  }
}

interface Found {
  readonly participant: Participant
  readonly foundBy: ('nik' | 'kpj')[]
}

/** Null when the directory does not answer; the rest is shown all the same. */
async function lookUp(directory: ParticipantDirectory, { nik, kpj }: Identity): Promise<readonly Found[] | null> {
  try {
    const found: Found[] = []
    const add = (participant: Participant | null, by: 'nik' | 'kpj') => {
      if (participant === null) return
      const known = found.find((it) => it.participant.id === participant.id)
      if (known === undefined) found.push({ participant, foundBy: [by] })
      else known.foundBy.push(by)
    }
    add(await directory.findByNik(nik), 'nik')
    if (kpj !== null) add(await directory.findByKpj(kpj), 'kpj')
    return found
  } catch (error) {
    if (error instanceof PulihError && error.code === 'UPSTREAM_UNAVAILABLE') return null
    throw error
  }
}

function recordOf(identity: Identity, it: Participant, foundBy: Found['foundBy']): ComparedRecord {
  const { status, segment, arrearsMonths, registeredOn, claimRunning, accounts } = it
  const kpj = identity.kpj
  const card = it.cards.find((one) => one.kpj === kpj) ?? nearest(kpj, it.cards)
  return {
    ...{ foundBy, status, segment, arrearsMonths, registeredOn, claimRunning, accounts },
    fields: [
      { field: 'name', declared: identity.name, other: it.name, ...compareNames(identity.name, it.name) },
      { field: 'nik', declared: identity.nik, other: it.nik, ...compareDigits(identity.nik, it.nik) },
      {
        field: 'birthDate',
        declared: identity.birthDate,
        other: it.birthDate,
        ...compareDates(identity.birthDate, it.birthDate),
      },
      { field: 'kpj', declared: kpj, other: card?.kpj ?? null, ...compareCard(kpj, card?.kpj ?? null) },
    ],
    cards: it.cards.map((one) => ({ ...one, declared: one.kpj === kpj })),
  }
}

/** A forgotten KPJ is no difference (R41). */
const compareCard = (declared: string | null, card: string | null): Comparison =>
  declared === null ? UNKNOWN : compareDigits(declared, card)

/** The card that was probably meant. */
const nearest = (kpj: string | null, cards: Participant['cards']) =>
  kpj === null
    ? cards[0]
    : cards.toSorted(
        (a, b) => (compareDigits(kpj, a.kpj).distance ?? 99) - (compareDigits(kpj, b.kpj).distance ?? 99),
      )[0]

function derivedOf({ nik, birthDate }: Identity): SideBySide['derived'] {
  const [province, regency] = [nik.slice(0, 2), nik.slice(0, 4)]
  const said = birthDateOfNik(nik, birthDate)
  return {
    sex: sexOfNik(nik),
    province: { code: province, name: PROVINCES.get(province) ?? null },
    regency: { code: regency, name: REGIONS.find((it) => it.code === regency)?.name ?? null },
    birthDate: { field: 'birthDate', declared: birthDate, other: said, ...compareDates(birthDate, said) },
  }
}

const unaskedOf = ({ name, nik, birthDate, kpj }: Identity): readonly ComparedField[] =>
  Object.entries({ name, nik, birthDate, kpj }).map(([field, declared]) => ({
    field: field as ComparedField['field'],
    declared,
    other: null,
    ...UNKNOWN,
  }))
