import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Person } from './person.js'
import { IDENTITY, portalWorld, type PortalWorld, picture } from './world.js'

let world: PortalWorld
beforeAll(async () => void (world = await portalWorld()))
afterAll(() => world.stop())

async function sent(): Promise<Person> {
  const person = world.person()
  await world.writeUp(person)
  await person.send('/pengaduan/periksa')
  return person
}
const numberOf = (person: Person): string => /PGD-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(person.text())?.[0] ?? ''

describe('A15 hostile files', () => {
  let person: Person
  beforeAll(async () => {
    person = world.person()
    await world.writeUp(person)
  })
  const FILES: readonly (readonly [name: string, type: string, bytes: string | Buffer])[] = [
    ['gambar.svg', 'image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'],
    ['halaman.html', 'text/html', '<script>alert(1)</script>'],
    ['foto.gif', 'image/gif', 'GIF89a/*<script>alert(1)</script>*/=1;'],
    ['foto.jpg', 'image/jpeg', '<?php system($_GET["c"]); ?>'],
    ['foto.jpg.html', 'image/jpeg', Buffer.from([0xff, 0xd8, 0xff, 0xe0])],
    ['foto\u0000.jpg', 'image/jpeg', '<html>'],
    ['..%2f..%2fetc%2fpasswd', 'image/png', 'root:x:0:0'],
    ['<img src=x onerror=alert(1)>.jpg', 'image/jpeg', 'not a picture'],
    [`${'a'.repeat(300)}\u202egpj.exe`, 'image/jpeg', 'MZ'],
  ]
  it.each(FILES)('A15 %s is refused at its own box, and nothing of it is markup', async (name, type, bytes) => {
    await person.go('/pengaduan/dokumen')
    await person.upload(
      '/pengaduan/dokumen',
      'KTP',
      new Blob([typeof bytes === 'string' ? bytes : new Uint8Array(bytes)], { type }),
      name,
    )
    expect(person.seen.status).toBe(422)
    expect(person.heading()).toBe('Tambahkan dokumen')
    expect(person.seen.html).not.toMatch(/onerror|<script(?! src="\/portal\/)/)
    expect(person.text()).toMatch(/KTP: (Jenis berkas tidak diterima|Berkas rusak)|Berkas tidak dapat diunggah/)
  })
  it('A15 a good picture under a hostile name is taken, and its name is text', async () => {
    await person.go('/pengaduan/dokumen')
    await person.upload('/pengaduan/dokumen', 'KTP', await picture(), '"><img src=x onerror=alert(1)>.jpg')
    expect(person.text()).toContain('Tersimpan')
    expect(person.seen.html).not.toContain('<img')
  })
})

it('A21 the token is in a cookie that no script reads and in no address; it is dead after leaving, and nothing secret is logged', async () => {
  const person = await sent()
  const token = person.cookies.get('pulih-status') ?? ''
  expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/)
  expect(person.seen.path).not.toContain(token)
  await person.go('/status/pengaduan')
  expect(person.seen.html).not.toContain(token)
  expect(person.seen.headers.get('referrer-policy')).toBe('same-origin')
  expect(person.seen.headers.get('cache-control')).toBe('no-store')
  const byLink = (more: Readonly<Record<string, string>>) =>
    fetch(`${world.url}/status/tautan`, {
      method: 'POST',
      body: new URLSearchParams({ token, ...more }),
      headers: { origin: world.url },
      redirect: 'manual',
    })
  // A link that somebody else sent opens nothing by itself: it says whose complaint it is, and sets no cookie.
  const asked = await byLink({})
  expect([asked.status, asked.headers.get('set-cookie')]).toEqual([200, null])
  const raw = await byLink({ open: 'ya' })
  expect(raw.headers.get('location')).toBe('/status/pengaduan')
  expect(raw.headers.get('set-cookie')).toMatch(/^pulih-status=.*; Path=\/; HttpOnly; SameSite=Lax$/)
  await person.send('/status/keluar')
  for (const cookie of [`pulih-status=${token}`, 'pulih-status=nonsense']) {
    const answer = await fetch(`${world.url}/status/pengaduan`, { headers: { cookie }, redirect: 'manual' })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/status'])
  }
  const dead = await fetch(`${world.url}/status/tautan`, {
    method: 'POST',
    body: new URLSearchParams({ token }),
    redirect: 'manual',
  })
  expect(dead.headers.get('location')).toBe('/status?tautan=mati')
  const log = world.log.join('\n')
  for (const secret of [token, 'Rahmawati', '3204114609970001', 'surat.example.org']) expect(log).not.toContain(secret)
})

it('A21 A39 a cookie that somebody planted beside the real one opens nothing, whichever comes first', async () => {
  const person = await sent()
  await person.go('/status/pengaduan')
  const number = numberOf(person)
  const victim = await sent()
  await victim.go('/status/pengaduan')
  expect(numberOf(victim)).not.toBe(number)
  const [planted, real] = [person, victim].map((it) => `pulih-status=${it.cookies.get('pulih-status') ?? ''}`)
  const look = (cookie: string) => fetch(`${world.url}/status/pengaduan`, { headers: { cookie }, redirect: 'manual' })
  expect((await look(`${real}; lain=1`)).status).toBe(200)
  for (const cookie of [`${planted}; ${real}`, `${real}; ${planted}`, `${real};${real}`]) {
    const answer = await look(cookie)
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/status'])
  }
  // Nor is anything put into a draft that somebody else began.
  const drafts = [world.person(), world.person()]
  for (const it of drafts) {
    await it.go('/pengaduan/akses')
    await it.send('/pengaduan/akses', { aplikasi: 'tidak', kontak: 'tidak-ada' })
    expect(it.seen.path).toBe('/pengaduan/identitas')
  }
  const cookie = drafts.map((it) => `pulih-draf=${it.cookies.get('pulih-draf') ?? ''}`).join('; ')
  const body = new URLSearchParams({ ...drafts[0]!.hiddenOf('/pengaduan/identitas'), ...IDENTITY })
  const answer = await fetch(`${world.url}/pengaduan/identitas`, {
    method: 'POST',
    body,
    headers: { cookie, origin: world.url },
    redirect: 'manual',
  })
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/pengaduan?isian=berakhir'])
})

it('A34 steps cannot be skipped: later pages lead back, forms of other steps change nothing, a sent complaint is not sent again', async () => {
  const person = world.person()
  await person.go('/pengaduan/akses')
  await person.send('/pengaduan/akses', { aplikasi: 'tidak', kontak: 'tidak-ada' })
  const csrf = person.hiddenOf('/pengaduan/identitas')['csrf'] ?? ''
  for (const path of [
    '/pengaduan/email',
    '/pengaduan/email/kode',
    '/pengaduan/hp',
    '/pengaduan/dokumen',
    '/pengaduan/periksa',
  ]) {
    await person.go(path)
    expect(person.seen.path).toBe('/pengaduan/identitas')
    await person.post(path, new URLSearchParams({ csrf, code: '000000', email: 'a@surat.example.org', on: 'ya' }))
    expect(person.seen.path).toBe('/pengaduan/identitas')
  }
  await person.post('/pengaduan/periksa', new URLSearchParams({ csrf, key: 'x', version: '1' }))
  expect(person.seen.path).toBe('/pengaduan/identitas')

  const filer = await sent()
  const number = numberOf(filer)
  // Their pages lead to the status; the keys of another form that is open do not help.
  for (const [path, typed] of [
    ['/status/buka-kembali', {}],
    ['/status/perbaikan', { name: 'Orang Lain' }],
  ] as const) {
    await filer.go(path)
    expect(filer.seen.path).toBe('/status/pengaduan')
    await filer.go('/status/tarik')
    await filer.post(path, new URLSearchParams({ ...filer.hiddenOf('/status/tarik'), ...typed }))
    expect(filer.seen.status).toBe(409)
    expect(filer.text()).toContain('Tidak ada yang berubah')
  }
  expect((await world.pulih.store.findTicketByNumber(number))?.state).toBe('submitted')
})

it('A36 whatever is typed stays text', async () => {
  const person = world.person()
  const hostile = `"><script>alert(1)</script>{{constructor}} \${7*7} javascript:alert(1)`
  await person.go(`/pengaduan/mandiri?kontak=${encodeURIComponent(hostile)}`)
  expect(person.seen.html).not.toContain('<script>alert')
  await person.go('/pengaduan/akses')
  await person.send('/pengaduan/akses', { aplikasi: hostile, kontak: hostile })
  expect(person.seen.html).not.toContain('<script>alert')
  await person.send('/pengaduan/akses', { aplikasi: 'tidak', kontak: 'tidak-ada' })
  await person.send('/pengaduan/identitas', { nik: hostile, name: hostile, birthDate: hostile, kpj: hostile })
  expect(person.seen.status).toBe(422)
  expect(person.seen.html).toContain('&quot;&gt;&lt;script&gt;')
  expect(person.seen.html).not.toContain('<script>alert')
  await person.send('/pengaduan/identitas', { ...IDENTITY, name: "O'Neil, D.-Ade" })
  await person.send('/pengaduan/email', { email: hostile })
  expect(person.seen.html).not.toContain('<script>alert')
  await person.go('/gagal-masuk')
  await person.send('/gagal-masuk', { message: hostile, symptom: hostile })
  expect(person.seen.html).not.toContain('<script>alert')
  await person.go('/status')
  await person.send('/status', { number: hostile, channel: hostile })
  expect(person.seen.html).not.toContain('<script>alert')
  const policy = person.seen.headers.get('content-security-policy') ?? ''
  expect(policy).toMatch(/script-src 'self';/)
  expect(policy.replace(/img-src[^;]*/, '')).not.toMatch(/unsafe|\*|http/)
})

it('A36 what an officer writes is text on the status page too, and no link', async () => {
  const person = await sent()
  const ticket = await world.pulih.store.findTicketByNumber(numberOf(person))
  const hostile = `<img src=x onerror=alert(1)> javascript:alert(1) [x](javascript:alert(1)) {{12345*67}}`
  await world.pulih.services.deciding.notes.write(ticket?.id ?? '', 'agent-1', hostile)
  await person.go('/status/pengaduan')
  expect(person.seen.html).toContain('&lt;img src=x onerror=alert(1)&gt;')
  expect(person.seen.html).not.toMatch(/<img|href="javascript:|827115/)
})

describe('A39 posts from elsewhere', () => {
  let person: Person
  let number = ''
  beforeAll(async () => {
    person = await sent()
    number = numberOf(person)
  })
  const FOREIGN: readonly (readonly [string, Record<string, string>])[] = [
    ['another site', { origin: 'https://jahat.example', 'sec-fetch-site': 'cross-site' }],
    ['a sibling host', { origin: 'http://lain.example', 'sec-fetch-site': 'same-site' }],
    ['an opaque origin', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ['an opaque origin of an old browser', { origin: 'null', 'sec-fetch-site': '' }],
    ['another origin of an old browser', { origin: 'https://jahat.example', 'sec-fetch-site': '' }],
  ]
  it.each(FOREIGN)('A39 %s changes nothing', async (_who, headers) => {
    await person.go('/status/tarik')
    const body = new URLSearchParams(person.hiddenOf('/status/tarik'))
    const cookie = [...person.cookies].map((it) => it.join('=')).join('; ')
    const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== ''))
    const answer = await fetch(`${world.url}/status/tarik`, { method: 'POST', body, headers: { cookie, ...given } })
    expect(answer.status).toBe(403)
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    expect((await world.pulih.store.findTicketByNumber(number))?.state).toBe('submitted')
  })
  it('A39 without the token of the session a form is refused, and no page may be framed', async () => {
    for (const csrf of ['', 'x', 'é'.repeat(43)]) {
      await person.post('/status/tarik', new URLSearchParams({ csrf, key: '01a1fe44-c5ff-7000-8000-0200b282c33f' }))
      expect(person.seen.status).toBe(403)
    }
    expect((await world.pulih.store.findTicketByNumber(number))?.state).toBe('submitted')
    await person.go('/pengaduan')
    expect(person.seen.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(person.seen.headers.get('x-frame-options')).toBe('DENY')
  })
})

it('a draft is sealed, finds nobody, and is gone with its key when it was never sent', async () => {
  const person = world.person()
  await world.writeUp(person)
  const { store, services } = world.pulih
  await person.go('/pengaduan/identitas')
  const due = await services.care.retain({ dryRun: true })
  expect(due.find((it) => it.duty === 'orphans')?.due).toBe(0)
  await person.go('/pengaduan')
  await person.send('/pengaduan/hapus')
  await person.go('/pengaduan/periksa')
  expect(person.seen.path).toBe('/pengaduan')
  expect(await store.integrityProblems()).toEqual([])
})
