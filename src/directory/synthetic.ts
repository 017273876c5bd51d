import type { Account, Participant } from '../ports/directory.js'
import type { AccountContacts } from '../ports/accounts.js'
import { NAMES } from './names.js'
import { REGIONS, type Naming, type Region } from './regions.js'

/** What is special about a synthetic person: one thing each, so that every case can be tried by itself. */
export const KINDS = [
  'plain',
  'severalCards',
  'arrears',
  'inactive',
  'deceased',
  'claimRunning',
  'birthDateDiffers',
  'duplicateAccount',
  'employerAccount',
  'contactsLost',
  'contactsRecycled',
  'contactsRecent',
  'accountDisabled',
  'noAccount',
] as const
export type Kind = (typeof KINDS)[number]

export type SyntheticAccount = Account & Pick<AccountContacts, 'email' | 'phone'>
export interface SyntheticPerson {
  readonly kind: Kind
  readonly region: string
  readonly participant: Omit<Participant, 'accounts'>
  readonly accounts: readonly SyntheticAccount[]
}

/** Serial numbers of a NIK have four digits, and each person has one of their own. */
export const MOST_SYNTHETIC = 9_999
/** No district of Indonesia has this number: a synthetic NIK is nobody's. */
const DISTRICT = '99'
/** Nor does a KPJ begin so: they begin with the year of registration or the code of a branch. */
const KPJ_PREFIX = '99'
/** Nobody has been given numbers of 0840: what is sent there reaches nobody. */
const PHONE_PREFIX = '+62840'
/** RFC 2606: nobody can have a mailbox there. */
const MAIL_DOMAINS = ['example.com', 'example.net', 'example.org'] as const
const EMPLOYERS = ['tekstil-maju', 'logistik-nusantara', 'baja-sentosa', 'ritel-bersama', 'garmen-jaya'] as const

const DAY = 86_400_000
const BORN_FROM = Date.UTC(1961, 0, 1)
const BORN_DAYS = 16_700
const REGISTERED_UNTIL = Date.UTC(2025, 11, 31)
const YEARS_18 = 6_575 * DAY
const RECENT_DAYS = 10

/** Of twenty people eight are plain; the rest share the other kinds evenly. */
const kindOf = (n: number): Kind => {
  if (n % 20 < 8) return 'plain'
  return KINDS[1 + (n % (KINDS.length - 1))] ?? 'plain'
}

/**
 * The n-th synthetic person (1 to 9 999): the same for the same seed, on every machine. `now`: epoch ms, for contacts that were changed
 * recently. Everything is made up and known as such by its form: district 99 in the NIK, KPJ from 99, phone numbers of 0840, mail of example domains.
 */
export function syntheticPerson(seed: number, n: number, now: number): SyntheticPerson {
  const dice = diceOf(seed, n)
  const kind = kindOf(n)
  const region = REGION_BY_WEIGHT[dice(REGION_BY_WEIGHT.length)] ?? FIRST_REGION
  const woman = dice(2) === 0
  const name = nameOf(dice, dice(7) === 0 ? anyNaming(dice) : region.naming, woman)
  const born = BORN_FROM + dice(BORN_DAYS) * DAY
  const registered = born + YEARS_18 + dice((REGISTERED_UNTIL - born - YEARS_18) / DAY) * DAY
  const segment = kind === 'arrears' || dice(5) === 0 ? 'BPU' : 'PU'
  const id = `p-${padded(n, 5)}`
  const participant = {
    id,
    nik: `${region.code}${DISTRICT}${nikDate(born, woman)}${padded(n, 4)}`,
    name: name.toUpperCase(),
    birthDate: isoDate(kind === 'birthDateDiffers' ? mistaken(born, dice) : born),
    status: kind === 'deceased' ? 'deceased' : kind === 'inactive' ? 'inactive' : 'active',
    segment,
    arrearsMonths: kind === 'arrears' ? 1 + dice(14) : 0,
    registeredOn: isoDate(registered),
    cards: cardsOf(n, kind, dice),
    claimRunning: kind === 'claimRunning',
  } as const
  return { kind, region: region.name, participant, accounts: accountsOf({ n, kind, name, registered, now, dice }) }
}

/** All of them, in order. */
export const syntheticPeople = (seed: number, size: number, now: number): readonly SyntheticPerson[] =>
  Array.from({ length: Math.min(size, MOST_SYNTHETIC) }, (_, index) => syntheticPerson(seed, index + 1, now))

/** A whole number from 0 up to but without `sides`. */
type Dice = (sides: number) => number

/** mulberry32 with a start of its own per person: one person more moves nobody else. Nothing secret is made from it. */
function diceOf(seed: number, n: number): Dice {
  let state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(n, 0x85ebca6b)) >>> 0
  return (sides) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % Math.max(1, Math.floor(sides))
  }
}

const REGION_BY_WEIGHT: readonly Region[] = REGIONS.flatMap((it) => Array.from({ length: it.weight }, () => it))
const FIRST_REGION: Region = { code: '3171', name: 'Kota Jakarta Pusat', naming: 'jawa', weight: 1 }
const NAMINGS = Object.keys(NAMES) as readonly Naming[]
/** People move: one in seven is named as elsewhere. */
const anyNaming = (dice: Dice): Naming => NAMINGS[dice(NAMINGS.length)] ?? 'jawa'

const pick = (dice: Dice, list: readonly string[]): string => list[dice(list.length)] ?? ''

function nameOf(dice: Dice, naming: Naming, woman: boolean): string {
  const { women, men, after, single } = NAMES[naming]
  const given = woman ? women : men
  const first = pick(dice, given)
  if (dice(10) < single) return first
  const middle = dice(6) === 0 && !first.includes(' ') ? pick(dice, given) : ''
  const parts = [first, middle === first ? '' : middle, pick(dice, after)]
  return parts.filter((it) => it !== '').join(' ')
}

const padded = (value: number, width: number): string => String(value).padStart(width, '0')
const isoDate = (at: number): string => new Date(at).toISOString().slice(0, 10)

/** DDMMYY, the day of women 40 higher. */
function nikDate(born: number, woman: boolean): string {
  const [year = '', month = '', day = ''] = isoDate(born).split('-')
  return `${padded(Number(day) + (woman ? 40 : 0), 2)}${month}${year.slice(2)}`
}

/** As data go wrong: a day beside it, another month, another year. */
const mistaken = (born: number, dice: Dice): number => born + ([1, 31, 365, -1][dice(4)] ?? 1) * DAY

/** Who changed jobs has one per employer; only the newest is active. */
function cardsOf(n: number, kind: Kind, dice: Dice): Participant['cards'] {
  const count = kind === 'severalCards' ? 2 + dice(3) : 1
  const ended = kind === 'inactive' || kind === 'deceased'
  return Array.from({ length: count }, (_, index) => ({
    kpj: `${KPJ_PREFIX}${padded(n * 10 + index, 9)}`,
    status: ended || index < count - 1 ? ('inactive' as const) : ('active' as const),
  }))
}

interface Owner {
  readonly n: number
  readonly kind: Kind
  readonly name: string
  readonly registered: number
  readonly now: number
  readonly dice: Dice
}

const phoneOf = (n: number): string => `${PHONE_PREFIX}${padded(n, 8)}`

function accountsOf({ n, kind, name, registered, now, dice }: Owner): SyntheticAccount[] {
  if (kind === 'noAccount') return []
  const email = `${name.toLowerCase().replaceAll(' ', '.')}.${n}@${MAIL_DOMAINS[dice(MAIL_DOMAINS.length)] ?? MAIL_DOMAINS[0]}`
  const own: SyntheticAccount = {
    id: `a-${padded(n, 5)}`,
    state: kind === 'accountDisabled' ? 'disabled' : 'active',
    createdBy: 'self',
    contactsChangedAt:
      kind === 'contactsRecent' ? now - RECENT_DAYS * DAY : dice(3) === 0 ? registered + 90 * DAY : null,
    email,
    phone: phoneOf(n),
  }
  if (kind === 'duplicateAccount')
    return [{ ...own, id: `${own.id}-lama`, state: 'disabled', email: `lama.${email}`, contactsChangedAt: null }, own]
  if (kind === 'employerAccount') {
    // HR opened accounts for everybody with its own address and number, and still reads what is sent there.
    const employer = dice(EMPLOYERS.length)
    const hr = { email: `hrd@${EMPLOYERS[employer] ?? EMPLOYERS[0]}.example`, phone: phoneOf(90_000_000 + employer) }
    return [{ ...own, createdBy: 'employer', ...hr }]
  }
  if (kind === 'contactsLost') return [{ ...own, email: null, phone: null }]
  // The number went back to the operator, and somebody else has it now.
  if (kind === 'contactsRecycled') return [{ ...own, phone: phoneOf(n + 1) }]
  return [own]
}
