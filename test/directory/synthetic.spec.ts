import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { describe, expect, it } from 'vitest'
import { KINDS, syntheticPeople, syntheticPerson, SYNTHETIC_SEED, SYNTHETIC_SIZE } from '../../src/directory/index.js'
import { checkKpj } from '../../src/intake/kpj.js'
import { checkNik, nikFlags, sexOfNik } from '../../src/intake/nik.js'
import { Participant } from '../../src/ports/directory.js'
import { MORNING } from '../support/world.js'

const people = syntheticPeople(SYNTHETIC_SEED, SYNTHETIC_SIZE, MORNING)
const participants = people.map((it) => it.participant)
const accounts = people.flatMap((it) => it.accounts)
const share = (test: (n: (typeof people)[number]) => boolean) => people.filter(test).length / people.length

describe('synthetic participants', () => {
  it('are 5 000, the same for the same seed, others for another', () => {
    expect(people).toHaveLength(5_000)
    expect(syntheticPeople(SYNTHETIC_SEED, 100, MORNING)).toEqual(people.slice(0, 100))
    expect(syntheticPerson(SYNTHETIC_SEED + 1, 1, MORNING)).not.toEqual(people[0])
  })

  it('are participants as the port has them', () => {
    for (const { participant, accounts: own } of people) {
      const told = own.map(({ id, state, createdBy, contactsChangedAt }) => ({
        id,
        state,
        createdBy,
        contactsChangedAt,
      }))
      expect(Participant.safeParse({ ...participant, accounts: told }).error).toBeUndefined()
    }
  })

  it('have NIK and KPJ of valid form, and nobody else’s', () => {
    for (const { nik, cards } of participants) {
      expect(checkNik(nik)).toEqual({ ok: true, value: nik })
      expect(nik.slice(12) > '0000').toBe(true)
      for (const { kpj } of cards) expect(checkKpj(kpj)).toEqual({ ok: true, value: kpj })
    }
    expect(new Set(participants.map((it) => it.nik)).size).toBe(people.length)
    const kpj = participants.flatMap((it) => it.cards.map((card) => card.kpj))
    expect(new Set(kpj).size).toBe(kpj.length)
  })

  it('carry their birth date in the NIK, the day of women 40 higher, but for the kind where it differs', () => {
    const women = people.filter((it) => sexOfNik(it.participant.nik) === 'female')
    expect(women.length / people.length).toBeGreaterThan(0.4)
    expect(women.length / people.length).toBeLessThan(0.6)
    for (const { kind, participant } of people)
      expect(nikFlags(participant.nik, participant)).toEqual(
        kind === 'birthDateDiffers' ? ['nik_birth_date_differs'] : [],
      )
  })

  it('are known as made up by their form: district 99, KPJ from 99, a number nobody can have, mail of example domains', () => {
    for (const { nik, cards } of participants) {
      expect(nik.slice(4, 6)).toBe('99')
      for (const { kpj } of cards) expect(kpj).toMatch(/^99/)
    }
    for (const { email, phone } of accounts) {
      if (email !== null) expect(email).toMatch(/@(example\.(com|net|org)|[a-z-]+\.example)$/)
      if (phone === null) continue
      expect(phone).toMatch(/^\+62840\d{8}$/)
      expect(parsePhoneNumberFromString(phone)?.isValid()).toBe(false)
    }
  })

  it('show every case that officers meet, in shares that are worth trying', () => {
    for (const kind of KINDS) expect(share((it) => it.kind === kind)).toBeGreaterThan(0.03)
    expect(share((it) => it.participant.cards.length > 1)).toBeGreaterThan(0.04)
    expect(share((it) => it.participant.segment === 'BPU')).toBeGreaterThan(0.15)
    expect(people.every((it) => it.accounts.filter((account) => account.state === 'active').length <= 1)).toBe(true)
    const recycled = people.filter((it) => it.kind === 'contactsRecycled')
    const owners = new Set(
      people.filter((it) => it.kind !== 'contactsRecycled').flatMap((it) => it.accounts.map((a) => a.phone)),
    )
    expect(recycled.some((it) => owners.has(it.accounts[0]!.phone))).toBe(true)
  })

  it('have names as varied as the regions they come from', () => {
    expect(new Set(participants.map((it) => it.name)).size).toBeGreaterThan(2_000)
    expect(new Set(people.map((it) => it.region)).size).toBeGreaterThan(50)
    for (const { name } of participants) expect(name).toMatch(/^[A-Z]+( [A-Z]+)*$/)
  })
})
