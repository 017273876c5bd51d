import { expect, it } from 'vitest'
import { codeAt, PASSWORD } from '../staff/identity/desk.js'
import { onBothDatabases, openPrivacyWorld, PERSON, ring, type PrivacyWorld } from './world.js'

onBothDatabases('rotation', (newPlace) => {
  it('new keys are used for writes at once, what stands under old ones stays readable and found', async () => {
    const old = await openPrivacyWorld(await newPlace(), { keys: ring([1], [1]) })
    const first = await old.file()
    const now = await old.again({ keys: ring([2, 1], [2, 1]) })
    await now.services.care.start()
    const second = await now.file()
    expect((await now.store.intake.keys.findKey(first))?.keyId).toBe('k1')
    expect((await now.store.intake.keys.findKey(second))?.keyId).toBe('k2')
    expect((await now.services.people.identityOf(first))?.identity).toEqual(PERSON.identity)
    expect((await now.services.people.sharing('nik', PERSON.identity.nik, second)).map((it) => it.ticketId)).toContain(
      first,
    )
  })

  it('R-ENC-3: rotates while others file and correct, and ends with nothing on the old keys, which may then go', async () => {
    const old = await openPrivacyWorld(await newPlace(), { keys: ring([1], [1]) })
    const before = await Promise.all(Array.from({ length: 60 }, () => old.file()))
    const world = await old.again({ keys: ring([2, 1], [2, 1]) })
    const traffic = { goesOn: true }
    const filing = (async () => {
      const filed: string[] = []
      for (let n = 0; traffic.goesOn || n < 10; n++) {
        filed.push(await world.file())
        await world.services.people.correct(
          before[n % 60]!,
          { ...PERSON.identity, name: `Nama Baru ${n}` },
          1 + Math.floor(n / 60),
        )
        await world.services.people.changeContact(before[59 - (n % 60)]!, 'email', `baru${n}@contoh.example`)
      }
      return filed
    })()
    const done = await world.services.care.rotate()
    traffic.goesOn = false
    const filed = await filing
    expect(done.rewrapped).toBe(60)
    expect(await world.services.care.rotate()).toMatchObject({ rewrapped: 0, resealed: 0 })
    expect((await world.services.care.ring()).wrapping).toEqual([{ keyId: 'k2', tickets: 60 + filed.length }])

    const after = await world.again({ keys: ring([2], [2]) })
    await after.services.care.start()
    await after.services.care.rotate()
    const use = await after.services.care.ring()
    expect(use).toMatchObject({ missing: [], lost: 0 })
    expect(use.index.map((it) => it.keyId)).toEqual(['i2'])
    for (const id of [...before, ...filed])
      expect((await after.services.people.identityOf(id))?.identity.nik).toBe(PERSON.identity.nik)
    expect(await after.services.people.sharing('nik', PERSON.identity.nik, '', 1_000)).toHaveLength(60 + filed.length)
    expect((await after.services.care.prove()).problems).toEqual([])
  })

  it('R-ENC-3: second factors of the staff are rotated too: with the old key gone they still sign in, and no further', async () => {
    const old = await openPrivacyWorld(await newPlace(), { keys: ring([1], [1]) })
    const { accounts } = old.services.staff
    const order = { staffNumber: 'P-77', username: 'petugas77', name: 'Petugas Contoh', subject: null }
    const { oneTimePassword } = await accounts.create(order, { id: 'admin-1', role: 'admin' })
    const opened = async (world: PrivacyWorld, secret: string | null) =>
      (await world.services.staff.sessions.open(secret))!
    const first = old.services.staff.signIn
    const fresh = await first.password('petugas77', oneTimePassword!, 'n')
    const chosen = await first.choosePassword(await opened(old, fresh.secret), PASSWORD, null)
    const { secret } = await first.enrol(await opened(old, chosen.secret))
    await first.confirm(await opened(old, chosen.secret), codeAt(secret, old.clock.now()), 'n')

    const both = await old.again({ keys: ring([2, 1], [1]) })
    expect((await both.services.care.rotate()).resealed).toBeGreaterThan(0)
    const after = await both.again({ keys: ring([2], [1]) })
    await after.services.care.start()
    after.clock.advance(60_000)
    const { signIn } = after.services.staff
    const begun = await signIn.password('petugas77', PASSWORD, 'n')
    const wrong = signIn.factor(await opened(after, begun.secret), { code: '000000' }, 'n')
    await expect(wrong).rejects.toMatchObject({ code: 'SIGN_IN_REFUSED' })
    const done = await signIn.factor(
      await opened(after, begun.secret),
      { code: codeAt(secret, after.clock.now()) },
      'n',
    )
    expect((await opened(after, done.secret)).session.stage).toBe('open')
  })

  it('A44: a key that goes while something stands under it: the start is refused, rotation changes nothing', async () => {
    const old = await openPrivacyWorld(await newPlace(), { keys: ring([1], [1]) })
    const id = await old.file()
    const world = await old.again({ keys: ring([2], [1]) })
    await expect(world.services.care.start()).rejects.toMatchObject({
      code: 'KEY_UNKNOWN',
      message: expect.stringContaining('k1') as string,
    })
    await expect(world.services.care.rotate()).rejects.toMatchObject({ code: 'KEY_UNKNOWN' })
    expect((await world.store.intake.keys.findKey(id))?.keyId).toBe('k1')
    expect((await world.services.care.prove()).problems.length).toBeGreaterThan(0)
    expect((await world.services.care.ring()).missing).toEqual(['k1'])
  })

  it('A44: an index key that goes too early is told, and its rows stay until others stand beside them', async () => {
    const old = await openPrivacyWorld(await newPlace(), { keys: ring([1], [1]) })
    await old.file()
    const world = await old.again({ keys: ring([1], [2]) })
    expect((await world.services.care.ring()).lost).toBe(1)
    await world.services.care.rotate()
    expect(await world.services.care.ring()).toMatchObject({ lost: 0, index: [{ keyId: 'i2' }] })
  })

  it('cut off, it goes on where it stopped', async () => {
    const old = await openPrivacyWorld(await newPlace(), { keys: ring([1], [1]) })
    for (let n = 0; n < 5; n++) await old.file()
    const world = await old.again({ keys: ring([2, 1], [1]) })
    const stop = new AbortController()
    stop.abort()
    expect(await world.services.care.rotate(undefined, stop.signal)).toMatchObject({ rewrapped: 0 })
    expect(await world.services.care.rotate()).toMatchObject({ rewrapped: 5 })
  })
})
