import { createSecretKey } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { smtpMailer } from '../../src/ports/mail.js'
import { SendRefused, SendUnreachable } from '../../src/ports/sending.js'
import { httpSmsGateway } from '../../src/ports/sms.js'
import { startGateway, startSmtp } from './servers.js'

const FROM = 'noreply@pengaduan.example'
const mail = (over: Partial<Parameters<ReturnType<typeof smtpMailer>['send']>[0]> = {}) => ({
  to: 'siti@surat.example.org',
  subject: 'Kode untuk Anda (PGD-7K3M-9QXR)',
  text: 'Kode Anda: 048213\n',
  html: '<p>Kode Anda: 048213</p>',
  id: '0195-7|newEmail',
  ticketId: 't',
  template: 'code.prove',
  ...over,
})
const failure = async (work: Promise<unknown>): Promise<Error> => {
  try {
    await work
  } catch (error) {
    return error as Error
  }
  throw new Error('it did not fail')
}
const everything = (error: Error): string =>
  `${error.name} ${error.message} ${JSON.stringify(error)} ${error.stack ?? ''} ${String(error.cause)}`

describe('mail over SMTP', () => {
  let server: Awaited<ReturnType<typeof startSmtp>>
  let mailer: ReturnType<typeof smtpMailer>
  beforeAll(async () => {
    server = await startSmtp()
    mailer = smtpMailer({ url: server.url, from: FROM, requireTls: false, timeoutMs: 2_000 })
  })
  beforeEach(() => {
    server.mails.length = 0
    server.mood = null
  })
  afterAll(async () => {
    mailer.close()
    await server.stop()
  })

  it('arrives with both parts, says that a machine sent it, and has the same id on every try', async () => {
    await mailer.send(mail())
    await mailer.send(mail())
    const [first, second] = server.mails
    expect(first?.to).toEqual(['siti@surat.example.org'])
    expect(first?.from).toBe(FROM)
    expect(first?.raw).toMatch(/^Auto-Submitted: auto-generated\r$/m)
    expect(first?.raw).toContain('text/plain')
    expect(first?.raw).toContain('text/html')
    const idOf = (raw = '') => /^Message-ID: (.+)\r$/m.exec(raw)?.[1]
    expect(idOf(first?.raw)).toBe('<0195-7-newEmail@pengaduan.example>')
    expect(idOf(second?.raw)).toBe(idOf(first?.raw))
  })

  it.each(['a@b.c\r\nBcc: dieb@example.org', 'a@b.c,dieb@example.org', 'a@b.c dieb@example.org', '<a@b.c>'])(
    'A08: an address that would add a header or a recipient is refused: %j',
    async (to) => {
      expect(await failure(mailer.send(mail({ to })))).toBeInstanceOf(SendRefused)
      expect(server.mails).toHaveLength(0)
    },
  )

  it('A08: line ends in a subject add no header', async () => {
    await mailer.send(mail({ subject: 'Halo\r\nBcc: dieb@example.org' }))
    const [head = ''] = server.mails[0]!.raw.split('\r\n\r\n')
    expect(head).not.toMatch(/^Bcc:/im)
    expect(server.mails[0]?.to).toEqual(['siti@surat.example.org'])
  })

  it.each([
    ['a box that does not exist', { code: 550 }, SendRefused],
    ['a server that is busy', { code: 451 }, SendUnreachable],
    ['a server that closes', { code: 421 }, SendUnreachable],
    ['a connection that is cut', 'cut' as const, SendUnreachable],
  ])('%s: known for what it is, and the error tells nothing about whom', async (_, answer, kind) => {
    server.mood = () => answer
    const error = await failure(mailer.send(mail()))
    expect(error).toBeInstanceOf(kind)
    expect(everything(error)).not.toContain('siti')
    server.mood = null
    await mailer.send(mail())
    expect(server.mails).toHaveLength(1)
  })

  it('a server that is not there is worth trying again', async () => {
    const nowhere = smtpMailer({ url: 'smtp://127.0.0.1:1', from: FROM, requireTls: false, timeoutMs: 500 })
    expect(await failure(nowhere.send(mail()))).toBeInstanceOf(SendUnreachable)
    nowhere.close()
  })

  it('where TLS is required, a server without it gets nothing', async () => {
    const strict = smtpMailer({ url: server.url, from: FROM, requireTls: true, timeoutMs: 1_000 })
    expect(await failure(strict.send(mail()))).toBeInstanceOf(Error)
    expect(server.mails).toHaveLength(0)
    strict.close()
  })
})

describe('SMS through the gateway', () => {
  const SECRET = 'sms-secret-of-the-tests-0123456789'
  let gateway: Awaited<ReturnType<typeof startGateway>>
  beforeAll(async () => {
    gateway = await startGateway(SECRET)
  })
  beforeEach(() => {
    gateway.received.length = 0
    gateway.answer(202)
  })
  afterAll(() => gateway.stop())
  const port = () =>
    httpSmsGateway({
      url: gateway.url,
      secret: createSecretKey(Buffer.from(SECRET)),
      clock: { now: () => Date.UTC(2026, 10, 21) },
      timeoutMs: 2_000,
    })
  const sms = { to: '+6281234567890', text: 'Kode 048213', id: 'ref-newPhone', ticketId: 't', template: 'code.prove' }

  it('is signed over id, time and body', async () => {
    await port().send(sms)
    expect(gateway.received).toEqual([{ id: 'ref-newPhone', to: sms.to, text: sms.text, signed: true }])
  })

  it.each([
    [422, SendRefused],
    [429, SendUnreachable],
    [500, SendUnreachable],
    [503, SendUnreachable],
  ])('%s is what it is, and the error tells nothing about whom', async (status, kind) => {
    gateway.answer(status)
    const error = await failure(port().send(sms))
    expect(error).toBeInstanceOf(kind)
    expect(everything(error)).not.toContain('81234567890')
  })

  it('follows no redirect', async () => {
    gateway.answer(307, gateway.url)
    expect(await failure(port().send(sms))).toBeInstanceOf(SendUnreachable)
    expect(gateway.received).toHaveLength(0)
  })
})
