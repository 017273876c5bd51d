import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { watch } from '../../live/events.js'
import { hasChromium } from '../../support/browser.js'
import { openChromium, seriousFindings } from './browser.js'
import { REQUEST } from '../../intake/people.js'
import { eventually, type Person } from './person.js'
import { isCode, portalWorld, type PortalWorld } from './world.js'

const SUPERVISOR = { id: 'pengawas-1', role: 'supervisor' } as const
const AGENT = 'kunci-petugas-0123456789abcdef'
let world: PortalWorld
let siti: Person
beforeAll(async () => {
  world = await portalWorld({ PULIH_TOKENS: `agent:petugas-175:${AGENT}` })
  const { incidents } = world.pulih.services
  const order = { cause: 'GANGGUAN_SISTEM', title: 'KODE_TERLAMBAT', fromAt: 0, untilAt: null } as const
  const { row } = await incidents.declare({ ...order, key: 'live-1', fingerprint: 'x' }, SUPERVISOR)
  await incidents.announce(row.id, SUPERVISOR)
  siti = world.person()
  await world.writeUp(siti)
  await siti.send('/pengaduan/periksa')
})
afterAll(() => world.stop())

const streamOf = (person: Person) => {
  const cookie = [...person.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  return watch(`${world.url}/status/langsung`, { cookie })
}
async function ticketOf(person: Person): Promise<string> {
  return (await world.pulih.services.sessions.open(person.cookies.get('pulih-status') ?? ''))!
}
/** As a supervisor, on the version as it stands. */
async function send(ticketId: string, event: { readonly type: string; readonly [field: string]: unknown }) {
  const { engine, store } = world.pulih
  const expectedContentVersion = (await store.findTicket(ticketId))?.contentVersion
  await engine.handle({ ticketId, event, actor: SUPERVISOR, key: null, fingerprint: null, expectedContentVersion })
}
const change = (ticketId: string, officeId = 'cabang-makassar') =>
  send(ticketId, { type: 'office.transfer', officeId, reason: 'BEBAN_KERJA' })

it('R29 an outage on our side is said on every page, in both languages, until it is over', async () => {
  for (const path of [
    '/pengaduan',
    '/status/pengaduan',
    '/gagal-masuk',
    '/tanya-jawab',
    '/sanggah',
    '/tidak-ada-di-sini',
  ]) {
    await siti.go(path)
    expect(siti.text(), path).toContain('Gangguan sistem di pihak kami: Kode lewat email atau SMS')
  }
  await siti.go('/en/pengaduan')
  expect(siti.text()).toContain('An outage on our side: Codes by e-mail or SMS come late.')
})

it('tells the filer of a change and nothing of what it is; A21 the stream ends with the token, and is nobody’s without one', async () => {
  const ani = world.person()
  await world.writeUp(ani)
  await ani.send('/pengaduan/periksa')
  const stream = await streamOf(ani)
  expect((await stream.next()).event).toBe('ready')
  await change(await ticketOf(siti))
  await change(await ticketOf(ani))
  // Of the other complaint nothing was told.
  expect(await stream.next()).toMatchObject({ event: 'changed', data: {} })
  await ani.go('/status/pengaduan')
  await ani.send('/status/keluar')
  await world.pulih.services.live.beat()
  expect((await stream.next()).event).toBe('end')
  expect(await stream.ended()).toBe(true)
  const stranger = await fetch(`${world.url}/status/langsung`, { headers: { accept: 'text/event-stream' } })
  expect(stranger.status).toBe(401)
})

it('R62 D29 a draft that 175 typed is opened by its key, proven, declared and sent by its owner, all by forms', async () => {
  const steps = ['NAMA_DITANYAKAN', 'PERNYATAAN_DIBACAKAN', 'PEMBERITAHUAN_PRIVASI_DISAMPAIKAN']
  const typed = await fetch(`${world.url}/v1/drafts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${AGENT}`, 'content-type': 'application/json', 'idempotency-key': '"draf-175"' },
    body: JSON.stringify({ ...REQUEST, route: undefined, channel: 'telepon_175', steps }),
  })
  expect(typed.status, await typed.text()).toBe(202)
  const key = await eventually(async () => {
    const sent = (await world.pulih.services.messages.mailbox?.list(100)) ?? []
    return /Kunci draf: ([A-Za-z0-9_-]{43})/.exec(sent.find((it) => it.template === 'code.assisted')?.text ?? '')?.[1]
  })
  const owner = world.person()
  await owner.go('/status')
  await owner.send('/status/tautan', { token: ` ${key} ` }, (it) => it.includes('id="token"'))
  await owner.send('/status/tautan', { open: 'ya' }, (it) => it.includes(key))
  expect(owner.text()).toContain('setujui pernyataan pemilik akun')
  await owner.go('/status/kirim')
  await owner.send('/status/kirim')
  expect(owner.text()).toContain('Kesalahan')
  await owner.send('/status/kirim', { declaration: 'ya' })
  expect(owner.text()).toContain('Buktikan email dan nomor HP baru Anda lebih dahulu.')
  for (const [channel, by] of [
    ['email', 'email'],
    ['phone', 'sms'],
  ] as const) {
    const mine = (form: string) => form.includes(`value="${channel}"`)
    await owner.go('/status/pengaduan')
    await owner.send('/status/buktikan', { again: 'ya' }, (form) => mine(form) && !isCode(form))
    const code = await world.code(by, 'code.prove')
    await owner.send('/status/buktikan', { code }, (form) => mine(form) && isCode(form))
  }
  const hasBoth = async () => {
    await owner.go('/status/kirim')
    await owner.send('/status/kirim', { declaration: 'ya' })
    return owner.seen.path === '/status/pengaduan' ? true : null
  }
  await eventually(hasBoth)
  expect(owner.text()).toContain('menunggu verifikasi petugas')
})

describe.skipIf(!hasChromium)('the status page in a browser', () => {
  it('misses nothing: neither what changes while it brings itself up to date, nor what changed before it first looked', async () => {
    const browser = await openChromium()
    try {
      const ani = world.person()
      await world.writeUp(ani)
      await ani.send('/pengaduan/periksa')
      const ticketId = await ticketOf(ani)
      const context = await browser.newContext({ locale: 'id-ID' })
      await context.addCookies([...ani.cookies].map(([name, value]) => ({ name, value, url: world.url })))
      const page = await context.newPage()
      await page.addInitScript(`window.told = 0
        const Native = EventSource
        window.EventSource = class extends Native {
          constructor(url) { super(url); this.addEventListener('changed', () => (window.told += 1)) }
        }`)
      const moved = page.getByText('dipindahkan ke kantor lain')
      // The page as it is brought up to date is made, then something else happens, and only then does it arrive.
      let made = 0
      await page.route('**/status/pengaduan', async (route, request) => {
        if (request.resourceType() !== 'fetch' || made++ > 0) return route.continue()
        const response = await route.fetch()
        await change(ticketId, 'cabang-jayapura')
        await page.waitForFunction('window.told >= 2')
        return route.fulfill({ response })
      })
      const listening = page.waitForResponse((it) => it.url().endsWith('/status/langsung'))
      await page.goto(`${world.url}/status/pengaduan`)
      await listening
      await change(ticketId)
      await expect.poll(() => moved.count(), { timeout: 40_000 }).toBe(2)
      // Now something happens between the page and its first look.
      await page.route('**/status/langsung', (route) => route.abort())
      await page.route(
        '**/status/perkembangan',
        async (route) => {
          await change(ticketId, 'pusat')
          return route.continue()
        },
        { times: 1 },
      )
      await page.reload()
      await expect.poll(() => moved.count(), { timeout: 10_000 }).toBe(3)
    } finally {
      await browser.close()
    }
  })

  it('brings itself up to date, says so politely, and leaves alone whoever is typing', async () => {
    const browser = await openChromium()
    try {
      const context = await browser.newContext({ locale: 'id-ID' })
      await context.addCookies([...siti.cookies].map(([name, value]) => ({ name, value, url: world.url })))
      const page = await context.newPage()
      const trouble: string[] = []
      page.on('pageerror', (it) => trouble.push(it.message))
      const ready = page.waitForResponse((it) => it.url().endsWith('/status/perkembangan'))
      await page.goto(`${world.url}/status/pengaduan`)
      await ready
      const ticketId = await ticketOf(siti)
      expect(await page.locator('.panel').innerText()).not.toContain('Dokumen diminta')
      // At night the release is still to come.
      await send(ticketId, { type: 'release.override', reason: 'KEBUTUHAN_MENDESAK' }).catch(() => undefined)
      await send(ticketId, { type: 'documents.request', documents: [{ kind: 'KTP', reason: 'FOTO_BURAM' }] })
      await page.locator('.panel', { hasText: 'Dokumen diminta' }).waitFor()
      await page.getByText('Halaman ini baru saja diperbarui.').waitFor()
      expect(await page.locator('[role=status] #news').count()).toBe(1)
      expect(await page.locator('form[data-upload]').count()).toBe(1)
      expect(await seriousFindings(page)).toEqual([])
      // Somebody is about to choose a file: only said, not done.
      await page.locator('form[data-upload] input[type=file]').focus()
      await send(ticketId, { type: 'documents.waive', reason: 'SALAH_MINTA' })
      await page.getByText('Ada perkembangan baru.').waitFor()
      expect(await page.locator('.panel').innerText()).toContain('Dokumen diminta')
      expect(trouble).toEqual([])
    } finally {
      await browser.close()
    }
  })
})
