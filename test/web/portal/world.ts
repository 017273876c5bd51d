import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { loadConfig } from '../../../src/config.js'
import { createLogger } from '../../../src/logging.js'
import { startPulih, type Pulih } from '../../../src/main.js'
import { eventually, Person } from './person.js'

/** A whole Pulih on embedded defaults: what somebody has who starts it at home. */
export interface PortalWorld {
  readonly pulih: Pulih
  readonly url: string
  readonly log: string[]
  person(): Person
  /** The newest code that went out on this channel. */
  code(channel: 'email' | 'sms', template?: string, after?: string): Promise<string>
  /** Goes through the whole form up to the summary. */
  writeUp(person: Person, options?: WriteUp): Promise<void>
  stop(): Promise<void>
}
interface WriteUp {
  readonly language?: '' | '/en'
  readonly identity?: Readonly<Record<string, string>>
  readonly email?: string
  readonly phone?: string
  readonly ktp?: boolean
  /** The form was begun elsewhere, by the triage. */
  readonly begun?: boolean
}

export const IDENTITY = {
  nik: '3204 1146 0997 0001',
  name: 'Siti Rahmawati',
  birthDate: '06-09-1997',
  forgotKpj: 'ya',
  declaration: 'ya',
}

export const picture = async (): Promise<Blob> => {
  const background = { r: 180, g: 200, b: 220 }
  const bytes = await sharp({ create: { width: 640, height: 400, channels: 3, background } })
    .jpeg()
    .toBuffer()
  return new Blob([new Uint8Array(bytes)], { type: 'image/jpeg' })
}

let people = 0
export async function portalWorld(environment: Readonly<Record<string, string>> = {}): Promise<PortalWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'pulih-portal-'))
  const log: string[] = []
  const config = loadConfig(
    {
      PULIH_PUBLIC_URL: 'https://pulih.example',
      PULIH_LIMITS: 'codesPerAddressMinute=20,codesPerAddressHour=100,codesPerAddressDay=100,codesPerCaseDay=100',
      ...environment,
    },
    { port: 0, data: folder },
  )
  const logger = createLogger({ level: 'info', destination: { write: (line: string) => void log.push(line) } })
  const pulih = await startPulih(config, { logger })
  const url = `http://127.0.0.1:${pulih.port ?? 0}`
  const messages = async () => (await pulih.services.messages.mailbox?.list(100)) ?? []
  const world: PortalWorld = {
    pulih,
    url,
    log,
    person: () => new Person(url),
    code: (channel, template = 'code.draft', after = '') =>
      eventually(async () => {
        const found = (await messages()).find((it) => it.channel === channel && it.template === template)
        const code = /\b\d{6}\b/.exec(found?.text ?? '')?.[0]
        return code === after ? undefined : code
      }),
    async writeUp(person, options = {}) {
      const { language = '', identity = IDENTITY, ktp = false, begun = false } = options
      const n = ++people
      const { email = `siti.rahmawati${n}@surat.example.org`, phone = `0812 3456 7${100 + n}` } = options
      const at = (path: string) => `${language}${path}`
      if (!begun) {
        await person.go(at('/pengaduan/akses'))
        await person.send(at('/pengaduan/akses'), { aplikasi: 'tidak', kontak: 'tidak-ada' })
      }
      await person.send(at('/pengaduan/identitas'), identity)
      const earlier = { email: await newest('email'), sms: await newest('sms') }
      await person.send(at('/pengaduan/email'), { email })
      await person.send(
        at('/pengaduan/email/kode'),
        { code: await world.code('email', 'code.draft', earlier.email) },
        isCode,
      )
      await person.send(at('/pengaduan/hp'), { phone })
      await person.send(at('/pengaduan/hp/kode'), { code: await world.code('sms', 'code.draft', earlier.sms) }, isCode)
      if (ktp) await person.upload(at('/pengaduan/dokumen'), 'KTP', await picture(), 'ktp.jpg')
      await person.send(at('/pengaduan/dokumen'), {}, (form) => form.includes('name="on"'))
    },
    async stop() {
      await pulih.stop()
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
  const newest = async (channel: 'email' | 'sms') => {
    const found = (await messages()).find((it) => it.channel === channel && it.template === 'code.draft')
    return /\b\d{6}\b/.exec(found?.text ?? '')?.[0] ?? ''
  }
  return world
}
export const isCode = (form: string): boolean => form.includes('name="code"')
