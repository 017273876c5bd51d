import { syntheticPerson, type SyntheticPerson } from '../../directory/index.js'
import { PRIVACY_NOTICE } from '../../intake/notice.js'
import { createDice } from '../dice.js'
import { caller, expected, type Caller, type Traffic } from './http.js'
import type { DayWorld } from './world.js'

/** What somebody will do besides filing; most do nothing special. */
export interface Intent {
  /** Brings a picture of the KTP at once. */
  readonly upload: boolean
  /** Writes the name wrong. */
  readonly typo: boolean
  /** Never types the code of the telephone. */
  readonly silent: boolean
  /** Changes their mind after so many minutes; null: does not. */
  readonly withdrawAfter: number | null
  /** How long they take to answer, in minutes. */
  readonly answerAfter: number
}
export interface Filer {
  readonly index: number
  readonly person: SyntheticPerson
  readonly identity: {
    readonly name: string
    readonly nik: string
    readonly kpj: string | null
    readonly birthDate: string
  }
  readonly contacts: { readonly email: string; readonly phone: string }
  readonly filesAt: number
  readonly intent: Intent
  /** Says they are somebody else, and will not come to a desk. */
  readonly rival: boolean
  readonly client: Caller
  ticketId: string
  ticketNumber: string
  token: string
}
/** A picture of a KTP of somebody who does not exist. */
export type DrawCard = (card: {
  readonly nik: string
  readonly name: string
  readonly born: string
}) => Promise<Uint8Array<ArrayBuffer>>

const MINUTE = 60_000

export interface FilerPlan {
  readonly seed: number
  readonly index: number
  readonly filesAt: number
  readonly start: number
  /** Somebody else's NIK, for the second of a competing pair. */
  readonly as?: SyntheticPerson
}

export function filerOf(world: DayWorld, traffic: Traffic, { seed, index, filesAt, start, as }: FilerPlan): Filer {
  const dice = createDice(seed, `filer/${index}`)
  const person = as ?? syntheticPerson(seed, index, start)
  const { nik, name, cards } = person.participant
  const number = String(index).padStart(4, '0')
  const special = as !== undefined
  const typo = !special && dice.int(1, 25) === 1 && name.length > 6
  return {
    index,
    person,
    identity: { name: typo ? misspelt(name) : name, nik, kpj: cards[0]?.kpj ?? null, birthDate: bornOf(nik) },
    contacts: { email: `orang${number}@surat.example.org`, phone: `0857 2${number.slice(0, 1)}22 ${number}` },
    filesAt,
    intent: {
      typo,
      upload: dice.int(1, 10) === 1,
      silent: !special && dice.int(1, 30) === 1,
      withdrawAfter: !special && dice.int(1, 40) === 1 ? dice.int(60, 400) : null,
      answerAfter: dice.int(20, 240),
    },
    rival: special,
    client: caller(world, traffic, `10.${20 + (index >> 8)}.${index & 255}.7`),
    ...{ ticketId: '', ticketNumber: '', token: '' },
  }
}

/** Two letters exchanged in the last word. */
const misspelt = (name: string): string =>
  `${name.slice(0, -3)}${name.slice(-2, -1)}${name.slice(-3, -2)}${name.slice(-1)}X`

/** What the NIK says: DDMMYY, the day of women 40 higher. */
export function bornOf(nik: string): string {
  const day = Number(nik.slice(6, 8)) % 40
  const year = Number(nik.slice(10, 12))
  return `${year > 30 ? 1900 + year : 2000 + year}-${nik.slice(8, 10)}-${String(day).padStart(2, '0')}`
}

/** Fills in the form, reads the codes in the mailbox and proves both contacts. */
export async function files(world: DayWorld, filer: Filer, draw: DrawCard): Promise<void> {
  const { client, identity, contacts, index, intent } = filer
  const body = {
    ...{ identity, contacts, cause: 'EMAIL_DAN_HP_HILANG', declaration: true, noticeVersion: PRIVACY_NOTICE.version },
    elapsedMs: 90_000,
  }
  const headers = {
    'idempotency-key': `"isian-${index}"`,
    'x-device-id': `perangkat-${String(index).padStart(10, '0')}`,
  }
  const filed = expected(await client.send('POST', '/v1/pengaduan', { body, headers }), 202, 'filing').body
  filer.ticketId = String(filed['ticketId'])
  filer.ticketNumber = String(filed['ticketNumber'])
  filer.token = String(filed['statusToken'])
  await world.settle()
  world.clock.advance(MINUTE)
  const codes = await codesIn(client, filer.ticketId)
  for (const channel of intent.silent ? (['email'] as const) : (['email', 'phone'] as const)) {
    const proof = { body: { channel, code: codes[channel] }, headers: bearer(filer) }
    expected(await client.send('POST', '/v1/pengaduan/codes/verification', proof), 200, 'proof of a contact')
  }
  await world.settle()
  if (intent.upload && !intent.silent) await uploads(filer, draw, 'KTP')
  await world.settle()
}

const bearer = ({ token }: Filer) => ({ authorization: `Bearer ${token}` })

interface Mail {
  readonly ticketId: string | null
  readonly channel: string
  readonly template: string
  readonly to: string
  readonly text: string
}
/** The local mailbox, newest first, as whoever tries the product out sees it. */
export const mailbox = async (client: Caller): Promise<readonly Mail[]> =>
  (expected(await client.send('GET', '/mailbox'), 200, 'mailbox').body['messages'] ?? []) as readonly Mail[]

/** The newest code that came by each channel. Throws when one did not come. */
export async function codesIn(client: Caller, ticketId: string): Promise<Readonly<Record<'email' | 'phone', string>>> {
  const mine = (await mailbox(client)).filter((it) => it.ticketId === ticketId && it.template === 'code.prove')
  const newest = (channel: string): string => {
    const code = /\b\d{6}\b/.exec(mine.find((it) => it.channel === channel)?.text ?? '')?.[0]
    if (code === undefined) throw new Error(`no code came by ${channel}`)
    return code
  }
  return { email: newest('email'), phone: newest('sms') }
}

async function uploads(filer: Filer, draw: DrawCard, kind: string): Promise<void> {
  const { client, identity } = filer
  const picture = await draw({
    nik: identity.nik,
    name: identity.name.slice(0, 20),
    born: `CONTOH, ${identity.birthDate}`,
  })
  const form = new FormData()
  form.append('kind', kind)
  form.append('file', new Blob([picture], { type: 'image/jpeg' }), 'ktp.jpg')
  expected(await client.send('POST', '/v1/pengaduan/documents', { form, headers: bearer(filer) }), 200, 'upload')
}

/** Opens the status page and does what it says. */
export async function looks(world: DayWorld, filer: Filer, draw: DrawCard): Promise<void> {
  const { client, index } = filer
  const page = expected(await client.send('GET', '/v1/pengaduan', { headers: bearer(filer) }), 200, 'status page').body
  const headers = { ...bearer(filer), 'idempotency-key': `"balasan-${index}-${world.clock.now()}"` }
  if (page['state'] === 'documentsRequested')
    for (const { kind } of page['documents'] as readonly { readonly kind: string }[]) await uploads(filer, draw, kind)
  else if (page['state'] === 'correctionNeeded') {
    const body = { identity: { name: filer.person.participant.name } }
    expected(await client.send('POST', '/v1/pengaduan/corrections', { body, headers }), 200, 'correction')
  }
  await world.settle()
}

/** Gives up, unless it is too late for that. True when it was taken. */
export async function withdraws(world: DayWorld, filer: Filer): Promise<boolean> {
  const headers = { ...bearer(filer), 'idempotency-key': `"tarik-${filer.index}"` }
  const answer = await filer.client.send('POST', '/v1/pengaduan/withdrawal', { body: {}, headers })
  await world.settle()
  return answer.status === 200
}
