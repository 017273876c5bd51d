import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { eventually, type Person } from './person.js'
import { IDENTITY, isCode, picture, portalWorld, type PortalWorld } from './world.js'

const ACCESS = 14
let world: PortalWorld
beforeAll(async () => {
  world = await portalWorld({
    PULIH_LIMITS:
      'codesPerAddressMinute=20,codesPerAddressHour=100,codesPerAddressDay=100,codesPerCaseDay=100,codesPerDeviceDay=9,' +
      `casesPerDeviceDay=3,uploadsPerTicketHour=3,accessPerIpHour=${ACCESS}`,
  })
})
afterAll(() => world.stop())

const DEVICE = 'pulih-perangkat'
const numberOf = (person: Person): string => /PGD-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(person.text())?.[0] ?? ''
const ticketOf = async (person: Person) => {
  const ticket = await world.pulih.store.findTicketByNumber(numberOf(person))
  if (ticket === null) throw new Error(`no ticket on ${person.seen.path}`)
  return ticket
}
const flagsOf = async (ticketId: string) =>
  (await world.pulih.store.intake.people.flagsOf(ticketId)).map(({ code }) => code)
/** A browser on the same device, as a broker uses it: everything forgotten but what the portal set for longer. */
const nextOn = (before: Person): Person => {
  const person = world.person()
  const device = before.cookies.get(DEVICE)
  if (device !== undefined) person.cookies.set(DEVICE, device)
  return person
}
async function filed(person: Person, n: number): Promise<Person> {
  await world.writeUp(person, { identity: { ...IDENTITY, nik: `3204 1146 0997 1${String(n).padStart(3, '0')}` } })
  await person.send('/pengaduan/periksa')
  expect(person.seen.path).toBe('/pengaduan/terkirim')
  return person
}

it('A49 a broker’s browser: each case is taken alike, all are flagged, and past the cap a branch is the way', async () => {
  const reader = world.person()
  await reader.go('/pengaduan')
  expect(reader.text()).toMatch(/gratis/i)
  await reader.go('/tanya-jawab')
  // Whoever only reads is given nothing.
  expect([...reader.cookies.keys()]).toEqual([])

  const people: Person[] = []
  for (let n = 1; n <= 4; n++) people.push(await filed(nextOn(people.at(-1) ?? world.person()), n))
  const stranger = await filed(world.person(), 9)
  const device = people[0]!.cookies.get(DEVICE) ?? ''
  expect(device).toMatch(/^[A-Za-z0-9_-]{43}$/)
  expect(new Set(people.map((it) => it.cookies.get(DEVICE)))).toEqual(new Set([device]))
  expect(stranger.cookies.get(DEVICE)).not.toBe(device)
  // Nothing on the page tells one from the other.
  const told = (person: Person) => person.text().replaceAll(/PGD-[0-9A-Z-]+|\d{1,2}[.:]\d{2}/g, '…')
  expect(told(people[3]!)).toBe(told(stranger))

  const tickets = await Promise.all(people.map(ticketOf))
  await vi.waitFor(
    async () => {
      for (const { id } of tickets) expect(await flagsOf(id)).toContain('device_shared')
      expect(await flagsOf(tickets[3]!.id)).toContain('device_cap')
    },
    { timeout: 60_000, interval: 100 },
  )
  expect(await flagsOf((await ticketOf(stranger)).id)).not.toContain('device_shared')
  // Kept as a keyed hash, and in no line of the log.
  const kept = await world.pulih.store.intake.people.indexesOf(tickets[0]!.id)
  expect(kept.filter(({ kind }) => kind === 'device').map(({ value }) => value)).not.toContain(device)
  expect(kept.some(({ kind }) => kind === 'device')).toBe(true)
  expect(world.log.join('\n')).not.toContain(device)
})

it('A07 a device’s codes of the day are counted while a complaint is being written: resending ends, first codes do not', async () => {
  const first = world.person()
  await begun(first, 'perangkat1@surat.example.org')
  for (let n = 0; n < 8; n++) await again(first)
  expect(first.text()).toContain('Kode baru sedang dikirim')
  await again(first)
  expect(first.text()).toMatch(/dapat diminta lagi/)
  // The next complaint on this device gets its first code and no more; another device has a budget of its own.
  const second = nextOn(first)
  await begun(second, 'perangkat2@surat.example.org')
  expect(second.text()).not.toMatch(/dapat diminta lagi/)
  await again(second)
  expect(second.text()).toMatch(/dapat diminta lagi/)
  const other = world.person()
  await begun(other, 'perangkat3@surat.example.org')
  await again(other)
  expect(other.text()).toContain('Kode baru sedang dikirim')
})
async function begun(person: Person, email: string): Promise<void> {
  await person.go('/pengaduan/akses')
  await person.send('/pengaduan/akses', { aplikasi: 'tidak', kontak: 'tidak-ada' })
  await person.send('/pengaduan/identitas', IDENTITY)
  await person.send('/pengaduan/email', { email })
  expect(person.seen.path).toMatch(/^\/pengaduan\/email\/kode/)
}
const again = (person: Person) => person.send('/pengaduan/email/kode', { again: 'ya' }, (form) => !isCode(form))

let asked = 0
it('A20 strangers use up the codes for a lost token; the browser that filed still gets one, and opens the status with it', async () => {
  const owner = await filed(world.person(), 20)
  const number = numberOf(owner)
  const { id: ticketId } = await ticketOf(owner)
  const codes = async () =>
    ((await world.pulih.services.messages.mailbox?.list(200)) ?? []).filter(
      (it) => it.ticketId === ticketId && it.template === 'code.access',
    )
  const ask = async (person: Person) => {
    asked++
    await person.go('/status')
    await person.send('/status', { number, channel: 'email' })
    expect(person.heading()).not.toBe('')
    return person
  }
  for (let n = 0; n < 4; n++) await ask(world.person())
  await eventually(async () => ((await codes()).length >= 2 ? true : null))
  const before = await codes()
  expect(before).toHaveLength(2)
  const mine = await ask(nextOn(owner))
  const fresh = await eventually(async () => (await codes()).find((it) => !before.some(({ id }) => id === it.id)))
  await mine.send('/status/kode', { code: /\b\d{6}\b/.exec(fresh.text)?.[0] ?? '' }, isCode)
  expect(mine.seen.path).toBe('/status/pengaduan')
  expect(mine.text()).toContain(number)
})

it('A18 uploads are counted for the ticket before and after it is filed, by page and by API alike', async () => {
  const person = world.person()
  await world.writeUp(person)
  const png = new Blob(['not a picture'], { type: 'image/png' })
  for (let n = 0; n < 2; n++) {
    await person.go('/pengaduan/dokumen')
    await person.upload('/pengaduan/dokumen', 'KTP', png, 'ktp.png')
    expect(person.seen.status).toBe(422)
  }
  await person.go('/pengaduan/dokumen')
  await person.upload('/pengaduan/dokumen', 'KTP', await picture(), 'ktp.jpg')
  expect(person.text()).toContain('Tersimpan')
  await person.go('/pengaduan/dokumen')
  await person.upload('/pengaduan/dokumen', 'KARTU_BPJSTK', png, 'kartu.png')
  expect(person.seen.status).toBe(429)
  expect(Number(person.seen.headers.get('retry-after'))).toBeGreaterThan(0)
  await person.go('/pengaduan/periksa')
  await person.send('/pengaduan/periksa')
  expect(person.seen.path).toBe('/pengaduan/terkirim')
  await person.go('/status/pengaduan')
  const csrf = person.hiddenOf('/status/keluar')['csrf'] ?? ''
  const data = new FormData()
  data.append('kind', 'KTP')
  data.append('file', png, 'ktp.png')
  await person.post(`/status/dokumen?csrf=${csrf}`, data)
  expect(person.seen.status).toBe(429)
  const api = await fetch(`${world.url}/v1/pengaduan/documents`, {
    method: 'POST',
    headers: { authorization: `Bearer ${person.cookies.get('pulih-status') ?? ''}` },
    body: new FormData(),
  })
  expect(api.status).toBe(429)
})

it('R-RL-1 the pages and the API have one count between them: what one used up the other refuses', async () => {
  let viaApi = 0
  const ask = () =>
    fetch(`${world.url}/v1/pengaduan/access`, {
      method: 'POST',
      body: JSON.stringify({ ticketNumber: 'PGD-0000-0000', channel: 'email' }),
      headers: { 'content-type': 'application/json' },
    })
  while ((await ask()).status === 202 && viaApi <= ACCESS) viaApi++
  expect(asked + viaApi).toBe(ACCESS)
  const person = world.person()
  await person.go('/status')
  await person.send('/status', { number: 'PGD-0000-0000', channel: 'email' })
  expect(person.seen.status).toBe(429)
  expect(Number(person.seen.headers.get('retry-after'))).toBeGreaterThan(0)
})
