// Takes the pictures of docs/pictures from a Pulih of its own, in a folder that is thrown away. Needs a build, and Debian's chromium.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import sharp from 'sharp'

const FOLDER = join(fileURLToPath(import.meta.url), '../../docs/pictures')
/** Of the embedded directory, with old contacts; nobody has a NIK of district 99. */
const PERSON = { nik: '3275 9931 1271 0001', name: 'OMAN HIDAYAT', birthDate: '31-12-1971' }

const data = await mkdtemp(join(tmpdir(), 'pulih-pictures-'))
const server = spawn(process.execPath, ['bin/pulih.js', 'serve', '--port', '0', '--data', data], {
  stdio: ['ignore', 'pipe', 'inherit'],
})
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
try {
  await journey(await addressOf(server))
} finally {
  await browser.close()
  server.kill('SIGTERM')
  await once(server, 'exit')
  await rm(data, { recursive: true, force: true, maxRetries: 5 })
}

/** Waits for the line that a start prints. */
async function addressOf({ stdout }) {
  let said = ''
  for await (const chunk of stdout) {
    said += chunk
    const url = /Pulih is ready at (\S+)/.exec(said)?.[1]
    if (url !== undefined) {
      server.stdout.resume()
      return url
    }
  }
  throw new Error('the server ended before it was ready')
}

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
  await page.locator('form:has(input[name=on]) button').click()
  await page.waitForURL('**/pengaduan/periksa')
  await next()
  await page.waitForURL('**/pengaduan/terkirim')
  await keep(page, 'terkirim')
  await page.goto(`${url}/status/pengaduan`)
  await keep(page, 'status')
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
