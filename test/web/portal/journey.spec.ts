import { get } from 'node:http'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { eventually } from './person.js'
import { IDENTITY, isCode, portalWorld, type PortalWorld } from './world.js'

let world: PortalWorld
beforeAll(async () => void (world = await portalWorld()))
afterAll(() => world.stop())

it('R02 R03 R09 without JavaScript, from the first page to the status: everything by forms', async () => {
  const siti = world.person()
  await siti.go('/')
  expect(siti.seen.path).toBe('/pengaduan')
  expect(siti.text()).toMatch(/Keputusan paling lambat .*(WIB)/)
  expect(siti.text()).toContain('Jangan membayar calo')
  await world.writeUp(siti, { ktp: true })
  expect(siti.seen.path).toBe('/pengaduan/periksa')
  for (const known of ['3204 1146 0997 0001', 'Siti Rahmawati', '06-09-1997', 'Lupa', 'KTP'])
    expect(siti.text()).toContain(known)
  await siti.send('/pengaduan/periksa')
  expect(siti.seen.path).toBe('/pengaduan/terkirim')
  const number = /PGD-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(siti.text())?.[0]
  expect(number).toBeDefined()
  expect(siti.text()).toMatch(/mulai memeriksa paling lambat .*Diajukan \S+/)
  await siti.go('/status/pengaduan')
  expect(siti.text()).toContain(number)
  await eventually(async () => {
    await siti.go('/status/pengaduan')
    return siti.text().includes('Dokumen kami terima') ? true : null
  })
  expect(siti.text()).toContain('Saat ini tidak ada yang perlu Anda lakukan')
  expect(siti.seen.html).not.toContain('siti.rahmawati')

  const ticket = await world.pulih.store.findTicketByNumber(number ?? '')
  expect(ticket?.state).toBe('documentsUploaded')
  expect(ticket?.cause).toBe('EMAIL_DAN_HP_HILANG')
})

it('sent twice is one complaint, and the back button leads to its confirmation', async () => {
  const budi = world.person()
  await world.writeUp(budi)
  const body = new URLSearchParams(budi.hiddenOf('/pengaduan/periksa'))
  const answers = await Promise.all(
    [1, 2].map(() =>
      fetch(`${budi.url}/pengaduan/periksa`, {
        method: 'POST',
        body,
        redirect: 'manual',
        headers: { cookie: [...budi.cookies].map((it) => it.join('=')).join('; '), origin: budi.url },
      }),
    ),
  )
  expect(answers.map((it) => it.status).toSorted((a, b) => a - b)[0]).toBe(303)
  await budi.go('/pengaduan/periksa')
  expect(budi.seen.path).toBe('/pengaduan/terkirim')
  const number = /PGD-[0-9A-Z-]+/.exec(budi.text())?.[0]
  await budi.go('/pengaduan/identitas')
  expect(budi.text()).toContain(number)
})

it('a draft is taken up again where it was left; every fault is told at its field, and what was typed stays', async () => {
  const ani = world.person()
  await ani.go('/pengaduan/akses')
  await ani.send('/pengaduan/akses', {})
  expect(ani.seen.status).toBe(422)
  expect(ani.seen.html).toContain('href="#aplikasi"')
  await ani.send('/pengaduan/akses', { aplikasi: 'tidak', kontak: 'tidak-ada' })
  await ani.send('/pengaduan/identitas', { nik: '123', name: 'Ani <b>', birthDate: '31-02-1990', kpj: '1234567890123' })
  expect(ani.seen.status).toBe(422)
  expect(ani.text()).toContain('NIK terdiri dari 16 angka')
  expect(ani.text()).toContain('Nomor 13 angka adalah nomor BPJS Kesehatan')
  expect(ani.text()).toContain('Nyatakan bahwa Anda pemilik akun ini')
  expect(ani.seen.html).toContain('value="Ani &lt;b&gt;"')
  expect(ani.seen.html).toMatch(/<title>Kesalahan: /)
  await ani.send('/pengaduan/identitas', { ...IDENTITY, name: 'Ani' })
  await ani.send('/pengaduan/email', { email: 'x@mailinator.com' })
  expect(ani.text()).toContain('Gunakan email pribadi yang permanen')
  await ani.go('/pengaduan/periksa')
  expect(ani.seen.path).toBe('/pengaduan/email')
  await ani.go('/pengaduan')
  expect(ani.text()).toContain('Anda punya isian yang belum dikirim')
  await ani.go('/pengaduan/identitas')
  expect(ani.seen.html).toContain('value="Ani"')
})

it('R-OTP-6 another address is unproven again; a wrong code says so and a new one opens', async () => {
  const dewi = world.person()
  await world.writeUp(dewi, { email: 'dewi.satu@surat.example.org' })
  await dewi.go('/pengaduan/email')
  const before = await world.code('email')
  await dewi.send('/pengaduan/email', { email: 'dewi.dua@surat.example.org' })
  expect(dewi.seen.path).toBe('/pengaduan/email/kode')
  const code = await world.code('email', 'code.draft', before)
  await dewi.send('/pengaduan/email/kode', { code: before }, isCode)
  expect(dewi.text()).toContain('Kode tidak cocok')
  await dewi.send('/pengaduan/email/kode', { code: ` ${code.slice(0, 3)} ${code.slice(3)} ` }, isCode)
  expect(dewi.seen.path).toBe('/pengaduan/periksa')
  expect(dewi.text()).toContain('dewi.dua@surat.example.org')
})

it('A20 R-TOK-3 another browser opens the status by number and code to the proven contact; leaving closes it for good', async () => {
  const rina = world.person()
  await world.writeUp(rina)
  await rina.send('/pengaduan/periksa')
  const number = /PGD-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(rina.text())?.[0] ?? ''
  const other = world.person()
  await other.go('/status')
  await other.send('/status', { number: 'PGD-1', channel: 'email' })
  expect(other.text()).toContain('Tulis nomor pengaduan lengkap')
  await other.send('/status', { number, channel: 'email' })
  await other.send('/status/kode', { code: '000000' }, isCode)
  expect(other.text()).toContain('tidak cocok')
  await other.send('/status/kode', { code: await world.code('email', 'code.access') }, isCode)
  expect(other.seen.path).toBe('/status/pengaduan')
  expect(other.text()).toContain(number)
  // Every earlier token is dead.
  await rina.go('/status/pengaduan')
  expect(rina.seen.path).toBe('/status')
  // Nor does the draft of the first browser open anything: it went with the confirmation.
  expect(rina.cookies.has('pulih-draf')).toBe(false)
  const token = other.cookies.get('pulih-status') ?? ''
  await other.send('/status/keluar')
  expect(other.heading()).toBe('Anda sudah keluar')
  expect(await world.pulih.services.sessions.open(token)).toBeNull()
})

it('A28 R18 withdraw, reopen and object: a look changes nothing, a button does', async () => {
  const tono = world.person()
  await world.writeUp(tono)
  await tono.send('/pengaduan/periksa')
  const stateOf = async () => {
    await tono.go('/status/pengaduan')
    return tono.text()
  }
  await tono.go('/status/bukan-saya')
  expect(await stateOf()).toContain('menunggu verifikasi petugas')
  await tono.go('/status/tarik')
  await tono.send('/status/tarik')
  expect(await stateOf()).toContain('Ditarik oleh peserta')
  // What the ticket takes no more is not offered by its address either.
  for (const path of ['/status/tarik', '/status/bukan-saya', '/status/perbaikan', '/status/kontak']) {
    await tono.go(path)
    expect([path, tono.seen.path]).toEqual([path, '/status/pengaduan'])
  }
  await tono.go('/status/buka-kembali')
  await tono.send('/status/buka-kembali')
  expect(await stateOf()).toContain('Masukkan kode yang kami kirim ke email baru Anda')
  const proof = await world.code('email', 'code.prove')
  await tono.send('/status/buktikan', { code: proof }, (form) => isCode(form) && form.includes('value="email"'))
  await eventually(async () =>
    (await stateOf()).includes('Masukkan kode yang kami kirim ke email baru') ? null : true,
  )
  await tono.go('/status/kontak?kanal=phone')
  await tono.send('/status/kontak', { address: '0812 9999 0001' })
  expect(tono.text()).toContain('belum terbukti')
})

it('says the same in English under /en', async () => {
  const mary = world.person()
  await world.writeUp(mary, { language: '/en' })
  expect(mary.heading()).toBe('Check your answers')
  expect(mary.seen.html).toContain('<html lang="en">')
  await mary.send('/en/pengaduan/periksa')
  expect(mary.seen.path).toBe('/en/pengaduan/terkirim')
  expect(mary.text()).toContain('Decision by')
})

it('what goes over the wire stays within its budget: page 14 kB, style 20 kB, script 30 kB, all of a first view 75 kB', async () => {
  const somebody = world.person()
  const weigh = async (path: string) => {
    const answer = await fetch(`${world.url}${path}`)
    return { bytes: (await answer.arrayBuffer()).byteLength, answer }
  }
  for (const path of ['/pengaduan', '/tanya-jawab', '/gagal-masuk', '/cabang', '/status', '/en/tanya-jawab']) {
    await somebody.go(path)
    const html = Buffer.byteLength(somebody.seen.html)
    const gzipped = gzipSync(somebody.seen.html).byteLength
    expect(gzipped, path).toBeLessThan(14_000)
    const [, style = ''] = /href="(\/portal\/portal[^"]+\.css)"/.exec(somebody.seen.html) ?? []
    const [, script = ''] = /src="(\/portal\/portal[^"]+\.js)"/.exec(somebody.seen.html) ?? []
    expect([style, script], `${path} ${somebody.seen.status} ${somebody.heading()}`).not.toContain('')
    const [css, js] = [await weigh(style), await weigh(script)]
    expect(css.bytes).toBeLessThan(20_000)
    expect(js.bytes).toBeLessThan(30_000)
    expect(html + css.bytes + js.bytes, path).toBeLessThan(75_000)
    for (const { answer } of [css, js])
      expect([answer.url, answer.status, answer.headers.get('cache-control')].slice(1), answer.url).toEqual([
        200,
        'public, max-age=31536000, immutable',
      ])
    expect(somebody.seen.html).not.toMatch(/<style|\son\w+="|style="|javascript:|https?:\/\/(?!www\.w3)/)
  }
})

it('A16 A22 pictures come from the other, cookie-less origin, for a minute, for that origin, network and token alone', async () => {
  const putu = world.person()
  await world.writeUp(putu, { ktp: true })
  await putu.send('/pengaduan/periksa')
  const src = await eventually(async () => {
    await putu.go('/status/pengaduan')
    return /<img src="([^"]+)"/.exec(putu.seen.html)?.[1]
  })
  expect(src).toMatch(/^http:\/\/localhost:\d+\/berkas\//)
  expect(putu.seen.headers.get('content-security-policy')).toContain(`img-src 'self' ${new URL(src).origin};`)
  const picture = await fetch(src)
  expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/jpeg'])
  expect(picture.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
  expect(picture.headers.get('x-content-type-options')).toBe('nosniff')
  expect(picture.headers.get('set-cookie')).toBeNull()
  const other = src.replace('localhost', '127.0.0.1')
  for (const forged of [other, `${src}x`, `${src}.x`, src.slice(0, -1), src.replace('/v1.', '/v2.')])
    expect((await fetch(forged)).status).toBe(404)
  // Copied into another window it is opened by itself, and shows nothing.
  for (const [dest, status] of [
    ['image', 200],
    ['document', 404],
    ['iframe', 404],
  ] as const)
    expect((await fetch(src, { headers: { 'sec-fetch-dest': dest } })).status).toBe(status)
  // It is for the network and the status token that it was made for, and ends with it.
  const { port, host, pathname } = new URL(src)
  const from = (localAddress: string) =>
    new Promise<number>((resolve, reject) => {
      get({ host: '127.0.0.1', port, path: pathname, headers: { host }, localAddress }, (answer) => {
        answer.resume()
        resolve(answer.statusCode ?? 0)
      }).once('error', reject)
    })
  expect([await from('127.0.0.1'), await from('127.0.0.2')]).toEqual([200, 404])
  const said = Buffer.from(pathname.slice('/berkas/'.length).replaceAll('.', ''), 'base64url').toString('latin1')
  expect(`${pathname} ${said}`).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-7/)
  await putu.send('/status/keluar')
  expect(await from('127.0.0.1')).toBe(404)
})

it('R26 R27 R20 triage leads on: causes in their order, a date to wait for, and a complaint with its cause carried over', async () => {
  const agus = world.person()
  await agus.go('/gagal-masuk')
  await agus.send('/gagal-masuk', {})
  expect(agus.text()).toContain('Tulis pesannya, atau pilih yang paling mirip')
  await agus.send('/gagal-masuk', { message: '“Nomor KPJ tidak terdaftar”', menunggak: 'ya' })
  expect(agus.text()).toMatch(/Iuran terlambat.*Coba lagi setelah .* WIB/)
  expect(agus.text()).toContain('meskipun data Anda benar')
  await agus.go('/gagal-masuk')
  await agus.send('/gagal-masuk', { message: 'OTP tidak masuk', dibuat_hr: 'ya' })
  await agus.send('/gagal-masuk/ajukan')
  expect(agus.seen.path).toBe('/pengaduan/identitas')
  const dira = world.person()
  await dira.go('/gagal-masuk')
  await dira.send('/gagal-masuk', { symptom: 'KATA_SANDI_SALAH' })
  await dira.send('/gagal-masuk/selesai')
  const metrics = await (await fetch(`${world.url}/metrics`)).text()
  expect(metrics).toMatch(/pulih_triage_total\{cause="SALAH_KETIK",outcome="deflected"\} 1/)
  expect(metrics).toMatch(/pulih_triage_total\{cause="DIBUAT_HR",outcome="ticket"\} 1/)
})

it('R29b what the triage learned goes along: shown before it is sent, then to officers; without triage there is none', async () => {
  const filingOf = async (person: ReturnType<typeof world.person>) => {
    await person.send('/pengaduan/periksa')
    const number = /PGD-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(person.text())?.[0] ?? ''
    const ticket = await world.pulih.store.findTicketByNumber(number)
    const [first] = await world.pulih.store.readLog(ticket?.id ?? '', 0, 1)
    return first?.event['filing'] as Readonly<Record<string, unknown>>
  }
  const rina = world.person()
  await rina.go('/gagal-masuk')
  const told = { message: 'Kode OTP tidak masuk ke rina@surat.example.org', symptom: 'VERIFIKASI_GAGAL', vpn: 'ya' }
  await rina.send('/gagal-masuk', { ...told, version: 'terbaru' })
  expect(rina.text()).toContain('Tulis versi dengan angka dan titik')
  await rina.send('/gagal-masuk', { ...told, version: '2.15.0' })
  // Whoever meddles with what the page carries along carries nothing.
  const { symptoms = '' } = rina.hiddenOf('/gagal-masuk/ajukan')
  await rina.send('/gagal-masuk/ajukan', { symptoms: `<b> 3204114609970001 ${symptoms}`, signs: 'vpn vpn toString' })
  await world.writeUp(rina, { begun: true, phone: '0812 3456 7890' })
  expect(rina.text()).toMatch(/Gagal verifikasi saat masuk; Kode OTP tidak saya terima; Saya memakai VPN; JMO 2\.15\.0/)
  expect(rina.text()).toContain('0812-3456-7890')
  const filed = await filingOf(rina)
  expect(filed['diagnostics']).toEqual({
    symptoms: ['VERIFIKASI_GAGAL', 'OTP_TIDAK_DITERIMA'],
    signs: ['vpn'],
    appVersion: '2.15.0',
  })
  const direct = world.person()
  await world.writeUp(direct, { identity: { ...IDENTITY, nik: '3204 1146 0997 0002' } })
  expect(direct.text()).not.toContain('Kendala masuk')
  expect(await filingOf(direct)).not.toHaveProperty('diagnostics')
}, 60_000)

it('A21 the receipt brings a link whose token stands behind the #, and it opens the status once it is posted', async () => {
  const wayan = world.person()
  await world.writeUp(wayan)
  await wayan.send('/pengaduan/periksa')
  const number = /PGD-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(wayan.text())?.[0] ?? ''
  const link = await eventually(async () => {
    const all = (await world.pulih.services.messages.mailbox?.list(50)) ?? []
    // SMS of the same name have no link.
    const mails = all.filter((it) => it.template === 'received' && it.text.includes(number))
    return mails.map((it) => /https?:\/\/\S+\/status#[A-Za-z0-9_-]{43}/.exec(it.text)?.[0]).find(Boolean)
  })
  // The filing and the proof before it both ask for the receipt: it is one.
  const receipts = ((await world.pulih.services.messages.mailbox?.list(50)) ?? []).filter(
    (it) => it.template === 'received' && it.text.includes(number),
  )
  expect(receipts.map((it) => it.channel)).toEqual(['email'])
  const { pathname, search, hash } = new URL(link)
  expect([pathname, search]).toEqual(['/status', ''])
  const other = world.person()
  await other.go('/status')
  await other.send('/status/tautan', { token: hash.slice(1) })
  // Whose it is is said before it is opened.
  expect(other.text()).toContain(number)
  expect(other.text()).toContain('Bila kontak itu bukan milik Anda')
  await other.send('/status/tautan', { token: hash.slice(1), open: 'ya' })
  expect(other.seen.path).toBe('/status/pengaduan')
  expect(other.text()).toContain(number)
  // The filer's own session stays.
  await wayan.go('/status/pengaduan')
  expect(wayan.text()).toContain(number)
  // A link opened where a complaint is open already meets its form there: a redirect would leave the token in the address (A21).
  await other.go('/status')
  expect(other.seen.path).toBe('/status')
  expect(other.seen.html).toContain('data-token')
  expect(other.text()).toContain('Satu pengaduan sedang terbuka')
})

it('sent from another tab meanwhile, or deleted: a form that is left over leads on and does nothing', async () => {
  const tabs = world.person()
  await world.writeUp(tabs)
  const left = tabs.seen.html
  await tabs.send('/pengaduan/periksa')
  const number = /PGD-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(tabs.text())?.[0] ?? ''
  expect(number).not.toBe('')
  const form = new URLSearchParams({ csrf: /name="csrf" value="([^"]+)"/.exec(left)?.[1] ?? '' })
  await tabs.post('/pengaduan/periksa', form)
  expect(tabs.seen.path).toBe('/pengaduan/terkirim')
  expect(tabs.text()).toContain(number)
  tabs.cookies.clear()
  await tabs.post('/pengaduan/identitas', form)
  expect([tabs.seen.path, tabs.seen.status]).toEqual(['/pengaduan?isian=berakhir', 200])
  expect(tabs.text()).toContain('Isian Anda sudah tidak ada lagi')
})
