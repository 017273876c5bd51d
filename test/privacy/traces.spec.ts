import { describe, expect, it } from 'vitest'
import { SYNTHETIC_SEED, seedDirectory, syntheticPeople } from '../../src/directory/index.js'
import { createNeedles } from '../../src/privacy/traces.js'
import { onBothDatabases, openPrivacyWorld, PERSON } from './world.js'

const NIK = PERSON.identity.nik
const needles = () => {
  const all = createNeedles()
  all.add(PERSON.identity)
  all.addContact('email', PERSON.email)
  all.addContact('phone', PERSON.phone)
  return all
}
const base64 = (text: string) => Buffer.from(text).toString('base64')
const spaced = NIK.replace(/(.{4})(?=.)/g, '$1 ')

describe('looking for personal values', () => {
  it.each([
    ['plain', `{"a":"${NIK}"}`, 'nik'],
    ['spaced', spaced, 'nik'],
    ['dotted, digit by digit', NIK.split('').join('.'), 'nik'],
    ['in base64', base64(`{"nik":"${NIK}"}`), 'nik'],
    ['in base64 at another offset', `x${base64(`ab${NIK}`)}`, 'nik'],
    ['in base64url', Buffer.from(`>>>${NIK}???`).toString('base64url'), 'nik'],
    ['in hex', Buffer.from(NIK).toString('hex'), 'nik'],
    ['a card', `kpj=${PERSON.identity.kpj}`, 'kpj'],
    ['a phone in E.164', PERSON.phone, 'phone'],
    ['a phone as people write it', '0812-3456-7890', 'phone'],
    ['an address in other case', PERSON.email.toUpperCase(), 'email'],
    ['an address with a word before it', `to:${PERSON.email}`, 'email'],
    ['an address in base64', base64(PERSON.email.toLowerCase()), 'email'],
    ['a name in other case', 'yth. SITI  rahmawati uji,', 'name'],
  ])('finds %s', (_what, text, kind) => {
    expect(needles().find(text)).toContain(kind)
  })

  it('takes a part of a longer number, another address and one word of a name for what they are: others', () => {
    for (const text of [`9${NIK}`, `${NIK}1`, 'ani@contoh.example', 'siti', '1772416800000', '{"at":1772416800000}'])
      expect(needles().find(text)).toEqual([])
  })
})

onBothDatabases('proof of what is sealed', (newPlace, postgres) => {
  it('opens everything, looks everywhere, and finds nothing on a sound database', async () => {
    const { services, file } = await openPrivacyWorld(await newPlace())
    await file()
    await file({}, false)
    const proof = await services.care.prove()
    expect(proof).toMatchObject({ opened: 6, problems: [] })
    expect(proof.values).toBeGreaterThanOrEqual(6)
    expect(proof.texts).toBeGreaterThan(50)
  })

  it('knows the contacts in the embedded directory as well', async () => {
    const { services, store, clock, file, raw } = await openPrivacyWorld(await newPlace())
    const ticket = await file()
    await seedDirectory({ store: store.intake.directory, vault: services.vault, clock }, { size: 20 })
    expect((await services.care.prove()).problems).toEqual([])
    const accounts = syntheticPeople(SYNTHETIC_SEED, 20, clock.now()).flatMap((it) => it.accounts)
    const email = accounts.find((it) => it.email !== null)?.email ?? ''
    await raw(`INSERT INTO legal_holds VALUES ('${ticket}', 'asked by ${email}', 'x', 1, NULL)`)
    const { problems } = await services.care.prove()
    expect(problems.map((it) => it.what)).toEqual(['legal_holds.reason holds a email in plain text (1 times)'])
  })

  it('A44: tells a ciphertext that was moved or altered, and a value in any column, without showing it', async () => {
    const { services, file, raw } = await openPrivacyWorld(await newPlace())
    const [one, two] = [await file(), await file()]
    await raw(
      `UPDATE identities SET sealed = (SELECT sealed FROM identities WHERE ticket_id = '${two}') WHERE ticket_id = '${one}'`,
    )
    await raw(`UPDATE legal_holds SET reason = reason`)
    await raw(`INSERT INTO legal_holds VALUES ('${one}', 'asked by ${spaced}', 'x', 1, NULL)`)
    await raw(
      `INSERT INTO risk_flags VALUES ('${one}', 'X', '{"h":"${Buffer.from(PERSON.email).toString('hex')}"}', 1)`,
    )
    await raw(`CREATE TABLE forgotten (note text)`)
    await raw(`INSERT INTO forgotten VALUES ('${base64(PERSON.phone)}')`)
    const { problems } = await services.care.prove()
    expect(problems.map((it) => it.what).toSorted()).toEqual([
      'forgotten.note holds a phone in plain text (1 times)',
      'identities.sealed does not open (SEALED_UNREADABLE, key d1)',
      'identities.sealed has the nonce of another value',
      'legal_holds.reason holds a nik in plain text (1 times)',
      'risk_flags.detail holds a email in plain text (1 times)',
    ])
    expect(JSON.stringify(problems)).not.toMatch(/3171|contoh|8123/)
    if (postgres) await raw('DROP TABLE forgotten')
  })
})
