import { createSecretKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { format, resolveConfig } from 'prettier'
import { SMTPServer } from 'smtp-server'
import { describe, expect, it } from 'vitest'
import { messagesPage } from '../../src/messages/page.js'
import { smtpMailer } from '../../src/ports/mail.js'
import { SendUnreachable } from '../../src/ports/sending.js'
import { httpSmsGateway } from '../../src/ports/sms.js'

const listening = (server: Pick<Server, 'once' | 'listen' | 'address'>): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve((server.address() as AddressInfo).port)
    })
  })
const MAIL = {
  ...{ to: 'siti@surat.example.org', subject: 'Kode', text: 'Kode', html: '<p>Kode</p>' },
  ...{ id: 'x', ticketId: 't', template: 'code.prove' },
}
const mailTo = async (port: number) => {
  const url = `smtp://127.0.0.1:${port}`
  const mailer = smtpMailer({ url, from: 'noreply@pengaduan.example', requireTls: false, timeoutMs: 300 })
  try {
    return await mailer.send(MAIL).then(
      () => 'sent',
      (error: unknown) => error,
    )
  } finally {
    mailer.close()
  }
}

describe('servers that misbehave', () => {
  it('A51 one that never says a word is given up, for mail and for SMS', async () => {
    const silent = createServer((socket) => void socket.on('error', () => undefined))
    const port = await listening(silent)
    expect(await mailTo(port)).toBeInstanceOf(SendUnreachable)
    const secret = createSecretKey(Buffer.from('sms-secret-of-the-tests'))
    const gateway = httpSmsGateway({
      url: `http://127.0.0.1:${port}/`,
      secret,
      clock: { now: () => 0 },
      timeoutMs: 300,
    })
    await expect(
      gateway.send({ to: '+6281234567890', text: 'x', id: 'x', ticketId: 't', template: 'x' }),
    ).rejects.toThrow(SendUnreachable)
    silent.close()
  })

  it.each(['onMailFrom', 'onConnect'] as const)(
    'a no to the installation (%s) is no verdict on the address: it is tried again',
    async (where) => {
      const refuse = (_: unknown, ...rest: unknown[]) => {
        const callback = rest.at(-1) as (error: Error) => void
        callback(Object.assign(new Error('not from you'), { responseCode: 550 }))
      }
      const server = new SMTPServer({ authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'], [where]: refuse })
      server.on('error', () => undefined)
      expect(await mailTo(await listening(server.server))).toBeInstanceOf(SendUnreachable)
      await new Promise<void>((resolve) => {
        server.close(resolve)
      })
    },
  )
})

it('docs/messages.md says what the templates say', async () => {
  const file = new URL('../../docs/messages.md', import.meta.url).pathname
  const page = await format(messagesPage(), { ...(await resolveConfig(file)), parser: 'markdown' })
  expect(readFileSync(file, 'utf8')).toBe(page)
})
