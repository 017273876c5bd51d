// Takes the pictures of docs/pictures from a Pulih of its own, in a folder that is thrown away. Needs a build, and Debian's chromium.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { generateSync } from 'otplib'
import { chromium } from 'playwright-core'
import sharp from 'sharp'

const FOLDER = join(fileURLToPath(import.meta.url), '../../docs/pictures')
/** Of the embedded directory, with old contacts; nobody has a NIK of district 99. */
const PERSON = { nik: '3275 9931 1271 0001', name: 'OMAN HIDAYAT', birthDate: '31-12-1971' }
const WIDE = 1280

const data = await mkdtemp(join(tmpdir(), 'pulih-pictures-'))
const server = spawn(process.execPath, ['bin/pulih.js', 'serve', '--seed', '--port', '0', '--data', data], {
  stdio: ['ignore', 'pipe', 'inherit'],
})
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
try {
  const url = await addressOf(server)
  await officers(url, await journey(url))
} finally {
  await browser.close()
  server.kill('SIGTERM')
  await once(server, 'exit')
  await rm(data, { recursive: true, force: true, maxRetries: 5 })
}

/** Waits for the line that a start prints; what it prints afterwards is let go. */
function addressOf({ stdout }) {
  return new Promise((done, failed) => {
    let said = ''
    stdout.on('data', (chunk) => {
      said += chunk
      const url = /Pulih is ready at (\S+)/.exec(said)?.[1]
      if (url !== undefined) done(url)
    })
    stdout.on('end', () => failed(new Error('the server ended before it was ready')))
  })
}

/** As a participant, to the number of the complaint. */
async function journey(url) {
  await mkdir(FOLDER, { recursive: true })
  const page = await browser.newPage({
    viewport: { width: 720, height: 900 },
    locale: 'id-ID',
    timezoneId: 'Asia/Jakarta',
  })
  const next = () => page.locator('main form button.button:not(.quiet):not(.warn)').last().click()
  await page.goto(`${url}/pengaduan`)
  await keep(page, 'mulai')
  await page.goto(`${url}/pengaduan/akses`)
  await page.check('input[name=aplikasi][value=tidak]')
  await page.check('input[name=kontak][value=tidak-ada]')
  await next()
  for (const [name, value] of Object.entries(PERSON)) await page.fill(`input[name=${name}]`, value)
  await page.check('input[name=forgotKpj]')
  await page.check('input[name=declaration]')
  await keep(page, 'identitas')
  await next()
  await page.fill('input[name=email]', 'oman.baru@surat.example.org')
  await next()
  await page.fill('input[name=code]', await codeOf(page, url, 'email'))
  await page.locator('form:has(input[name=code]) button').first().click()
  await page.fill('input[name=phone]', '0812 0000 0002')
  await next()
  await page.fill('input[name=code]', await codeOf(page, url, 'sms'))
  await page.locator('form:has(input[name=code]) button').first().click()
  const card = join(data, 'ktp.jpg')
  const { nik, name } = PERSON
  const drawn = ['sample', 'ktp', '--out', card, '--nik', nik.replaceAll(' ', ''), '--name', name]
  execFileSync(process.execPath, ['bin/pulih.js', ...drawn], { stdio: 'ignore' })
  await page.setInputFiles('#berkas-ktp', card)
  await page.locator('form:has(#berkas-ktp) button').click()
  await page.waitForSelector('.card .tag-done')
  await page.locator('form:has(input[name=on]) button').click()
  await page.waitForURL('**/pengaduan/periksa')
  await next()
  await page.waitForURL('**/pengaduan/terkirim')
  await keep(page, 'terkirim')
  await page.goto(`${url}/status/pengaduan`)
  await keep(page, 'status')
  return (await page.innerText('.number')).trim()
}

/** As officers, whatever the hour is: the office is opened for them. */
async function officers(url, number) {
  const supervisor = await officer(url, 'supervisor')
  const ticket = await act(supervisor, `/v1/tickets?ticketNumber=${number}`)
  const { ticketId, released } = ticket.items[0]
  await act(supervisor, '/v1/worklist/windows', { officeId: 'pusat', minutes: 60, reason: 'LEMBUR' }).catch(() => null)
  if (released !== true)
    await send(supervisor, ticketId, { type: 'release.override', reason: 'DEMO' }).catch(() => null)

  const agent = await officer(url, 'agent')
  await keepWide(agent, 'petugas-daftar-kerja', '.work-row', 1240)
  await act(agent, `/v1/tickets/${ticketId}/claim`, { reason: 'LANJUTAN_PEKERJAAN' })
  await send(agent, ticketId, { type: 'verification.start' })
  await agent.goto(`${url}/petugas/tiket/${ticketId}`)
  await agent.waitForSelector('.sides')
  await agent.waitForSelector('.sheet img')
  await keepWide(agent, 'petugas-kasus', '.choices', 1440)
  await agent.keyboard.press('r')
  await keepWide(agent, 'petugas-minta-dokumen', 'dialog[open] fieldset select')
  await agent.keyboard.press('Escape')
  for (const item of await agent.locator('.checks li', { hasText: '(wajib)' }).all())
    await item.locator('label.tick').first().click()
  await agent.click('#periksa button.button')
  await agent.click('[data-event="approval.propose"]:not([disabled])')
  await keepWide(agent, 'petugas-usulkan', 'dialog[open] [name=digits]')

  await supervisor.goto(`${url}/petugas/laporan`)
  await keepWide(supervisor, 'petugas-dasbor', 'main .tiles', 1240)
  await supervisor.goto(`${url}/petugas/tiket/${ticketId}/alur`)
  await keepWide(supervisor, 'petugas-alur', '.wf-now')
  await supervisor.goto(`${url}/petugas/kalender?tahun=2026`)
  await keepWide(supervisor, 'petugas-kalender', '.months table')
  await supervisor.goto(`${url}/petugas/gangguan`)
  await keepWide(supervisor, 'petugas-gangguan', 'main h1')
}

/** A demonstration officer who has signed in. */
async function officer(url, who) {
  const all = JSON.parse(await readFile(join(data, 'dev-staff.json'), 'utf8'))
  const { password, totpSecret } = all.find(({ username }) => username === who)
  const context = await browser.newContext({
    ...{ viewport: { width: WIDE, height: 900 }, locale: 'id-ID', timezoneId: 'Asia/Jakarta', reducedMotion: 'reduce' },
  })
  const page = await context.newPage()
  await page.goto(`${url}/petugas`)
  await page.fill('[name=username]', who)
  await page.fill('[name=password]', password)
  if (who === 'agent') await keepWide(page, 'petugas-masuk', '[name=password]', 600)
  await page.keyboard.press('Enter')
  await page.fill('[name=code]', generateSync({ secret: totpSecret }))
  await page.keyboard.press('Enter')
  await page.waitForSelector('.top')
  return page
}

/** A request of the page's own person; a body makes it a post. */
async function act(page, path, body, headers = {}) {
  return page.evaluate(
    async ([to, payload, more]) => {
      const key = `"gambar-${Math.random().toString(36).slice(2)}"`
      const post = { method: 'POST', body: JSON.stringify(payload) }
      const answer = await globalThis.fetch(to, {
        ...(payload === null ? {} : post),
        headers: { 'content-type': 'application/json', 'idempotency-key': key, ...more },
      })
      if (!answer.ok) throw new Error(`${to}: ${await answer.text()}`)
      return answer.json()
    },
    [path, body ?? null, headers],
  )
}
async function send(page, ticketId, event) {
  const { contentVersion } = await act(page, `/v1/tickets/${ticketId}`)
  return act(page, `/v1/tickets/${ticketId}/events`, event, { 'if-match': `"v${contentVersion}"` })
}

/** The newest code in the local mailbox; it is there a moment after it was asked for. */
async function codeOf(page, url, channel) {
  for (let tries = 0; tries < 150; tries++) {
    const { messages } = await (
      await page.request.get(`${url}/mailbox`, { headers: { accept: 'application/json' } })
    ).json()
    const code = /\b\d{6}\b/.exec(messages.find((it) => it.channel === channel)?.text ?? '')?.[0]
    if (code !== undefined) return code
    await pause(200)
  }
  throw new Error(`no code came by ${channel}`)
}

/** A small file: few colours are enough for text and forms. */
async function keep(page, name) {
  await page.evaluate('scrollTo(0, 0)')
  const picture = await sharp(await page.screenshot())
    .png({ palette: true, colours: 32, effort: 10 })
    .toBuffer()
  await writeFile(join(FOLDER, `${name}.png`), picture)
  console.log(`docs/pictures/${name}.png ${Math.ceil(picture.length / 1024)} kB`)
}

/** The same for the officers' pages, which show pictures of documents. */
async function keepWide(page, name, shown, height = 900) {
  await page.setViewportSize({ width: WIDE, height })
  await page.waitForSelector(shown)
  await page.waitForLoadState('networkidle')
  await page.evaluate('scrollTo(0, 0)')
  const picture = await sharp(await page.screenshot())
    .webp({ quality: 80, effort: 6 })
    .toBuffer()
  await writeFile(join(FOLDER, `${name}.webp`), picture)
  console.log(`docs/pictures/${name}.webp ${Math.ceil(picture.length / 1024)} kB`)
}
