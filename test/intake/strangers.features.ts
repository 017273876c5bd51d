import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Channel } from '../../db/intake/people.js'
import { createLogger } from '../../src/logging.js'
import { startTasks, type TaskRunner } from '../../src/workers/tasks.js'
import { HOUR, MINUTE, newKey, startHarness, type Harness } from '../api/harness.js'
import { asFiler, filePerson, REQUEST } from './people.js'

/** What somebody who knows a ticket's number, or an address and no more, can do to its owner (docs/adr/0016); on every database. */
export function strangerFeatures(name: string, databaseUrl: () => Promise<string | undefined>): void {
  describe(`strangers, on ${name}`, () => {
    let api: Harness
    let tasks: TaskRunner
    let people = 0
    beforeAll(async () => {
      const url = await databaseUrl()
      const limits = 'accessPerIpHour=10000,filingsPerIpHour=10000,codeRequestsPerIpHour=10000,smsPerHour=20'
      api = await startHarness({ limits, ...(url === undefined ? {} : { databaseUrl: url }) })
      const { store, clock, services } = api.deps
      const logger = createLogger({ level: 'silent' })
      tasks = startTasks({
        world: { store, clock },
        board: services.tasks,
        handlers: services.handlers,
        logger,
        random: () => 0.5,
      })
    })
    afterAll(async () => {
      await tasks.stop()
      await api.close()
    })

    const codesSent = async (ticketId: string, channel: Channel, template: string) => {
      await tasks.runDue()
      const all = (await api.deps.services.messages.mailbox?.list(500)) ?? []
      const kind = channel === 'email' ? 'email' : 'sms'
      return all
        .filter((it) => it.ticketId === ticketId && it.channel === kind && it.template === template)
        .map((it) => /\b\d{6}\b/.exec(it.text)?.[0] ?? 'none')
    }
    async function file(email?: string, device?: string) {
      const n = String(++people).padStart(4, '0')
      const contacts = { email: email ?? `asing${n}@surat.example.org`, phone: `0815-3456-${n}` }
      const identity = { nik: `320411460995${n}`, kpj: null }
      const headers: Record<string, string> = device === undefined ? {} : { 'x-device-id': device }
      const { status, body, text } = await filePerson(api, { identity, contacts }, headers)
      expect(status, text).toBe(202)
      const { ticketId, statusToken: token, ticketNumber: number } = body
      return { ticketId: String(ticketId), token: String(token), number: String(number), email: contacts.email }
    }
    /** Somebody in front of an officer. */
    async function atDesk() {
      const { identity, category, cause, noticeVersion } = REQUEST
      const { status, body, text } = await api.request('POST', '/v1/branch/tickets', {
        as: 'agent',
        body: {
          identity: { ...identity, nik: '3204114609959999', kpj: null },
          contacts: { email: 'loket@surat.example.org', phone: '0815-3456-9999' },
          ...{ category, cause, noticeVersion, officeId: 'cabang-jakarta', originalsSighted: true, declaration: true },
        },
        headers: { 'idempotency-key': newKey() },
      })
      expect(status, text).toBe(202)
      return String(body.ticketId)
    }
    const ask = (token: string, channel: Channel) => asFiler(api, token, 'POST', '/v1/pengaduan/codes', { channel })
    const verify = async (token: string, channel: Channel, code = 'none') =>
      (await asFiler(api, token, 'POST', '/v1/pengaduan/codes/verification', { channel, code })).status
    async function proven(device?: string) {
      const ticket = await file(undefined, device)
      const [code] = await codesSent(ticket.ticketId, 'email', 'code.prove')
      expect(await verify(ticket.token, 'email', code)).toBe(200)
      api.clock.advance(2 * MINUTE)
      return ticket
    }
    const lost = async (number: string, device?: string) => {
      const headers: Record<string, string> = device === undefined ? {} : { 'x-device-id': device }
      const body = { ticketNumber: number, channel: 'email' }
      return String((await api.request('POST', '/v1/pengaduan/access', { as: null, body, headers })).body.accessId)
    }
    const open = (number: string, accessId: string, code: string) => {
      const body = { ticketNumber: number, channel: 'email', accessId, code }
      return api.request('POST', '/v1/pengaduan/access/verification', { as: null, body })
    }
    const wrong = (code = '') => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

    it('A20 A02 tries at an access code kill neither a code to prove a contact nor the code of another asking', async () => {
      const { ticketId, token, number } = await proven()
      const [before] = await codesSent(ticketId, 'phone', 'code.prove')
      const mine = await lost(number)
      const [code] = await codesSent(ticketId, 'email', 'code.access')
      api.clock.advance(2 * MINUTE)
      const theirs = await lost(number)
      await tasks.runDue()
      for (let n = 0; n < 6; n++) {
        expect((await open(number, theirs, wrong(code))).body.code).toBe('CODE_INVALID')
        expect((await open(number, 'somebody-made-this-up', wrong(code))).body.code).toBe('CODE_INVALID')
      }
      expect(await verify(token, 'phone', before)).toBe(200)
      expect((await open(number, mine, code ?? '')).status).toBe(200)
    })

    it('A20 once one asking opened, the codes of the others are dead', async () => {
      const { ticketId, number } = await proven()
      const one = await lost(number)
      const [first] = await codesSent(ticketId, 'email', 'code.access')
      api.clock.advance(2 * MINUTE)
      const two = await lost(number)
      const codes = await codesSent(ticketId, 'email', 'code.access')
      const second = codes.find((it) => it !== first) ?? ''
      expect((await open(number, two, second)).status).toBe(200)
      expect((await open(number, one, first ?? '')).body.code).toBe('CODE_INVALID')
    })

    it('A20 A07 askings for access cost nobody a code to prove, are few, and leave one to the device that filed', async () => {
      const device = 'device-of-the-owner-0001'
      const { ticketId, token, number } = await proven(device)
      for (let n = 0; n < 20; n++) {
        await lost(number)
        // Before the clock moves: a task whose time is over is done by somebody else again.
        await tasks.runDue()
        api.clock.advance(5 * MINUTE)
      }
      expect(await codesSent(ticketId, 'email', 'code.access')).toHaveLength(2)
      expect((await ask(token, 'phone')).status).toBe(202)
      // Another device is nobody's.
      await lost(number, 'device-of-somebody-else-1')
      expect(await codesSent(ticketId, 'email', 'code.access')).toHaveLength(2)
      const seen = await codesSent(ticketId, 'email', 'code.access')
      const mine = await lost(number, device)
      const codes = await codesSent(ticketId, 'email', 'code.access')
      expect(codes).toHaveLength(3)
      const code = codes.find((it) => !seen.includes(it)) ?? codes[0] ?? ''
      expect((await open(number, mine, code)).status).toBe(200)
    })

    it('A07 a case that uses up an address does not keep the next one from its first code; five a day is the end', async () => {
      const victim = `korban${people}@surat.example.org`
      const thief = await file(victim)
      for (let n = 0; n < 20; n++) {
        await tasks.runDue()
        api.clock.advance(25 * MINUTE)
        await ask(thief.token, 'email')
      }
      expect(await codesSent(thief.ticketId, 'email', 'code.prove')).toHaveLength(3)
      expect((await ask(thief.token, 'email')).status).toBe(429)
      const owner = await file(victim)
      const [code] = await codesSent(owner.ticketId, 'email', 'code.prove')
      expect(await verify(owner.token, 'email', code)).toBe(200)
      // One more ticket has its first, and then nobody is sent any.
      let sent = 4
      for (let n = 0; n < 6; n++) {
        api.clock.advance(30 * MINUTE)
        const { ticketId } = await file(victim)
        sent += (await codesSent(ticketId, 'email', 'code.prove')).length
      }
      expect(sent).toBe(5)
      api.clock.advance(24 * HOUR)
      expect((await ask(thief.token, 'email')).status).toBe(202)
    })

    it('A07 ten tickets that ask for their first code at once: the address gets one a minute and five a day', async () => {
      const victim = `ramai${people}@surat.example.org`
      const tickets = await Promise.all(Array.from({ length: 10 }, () => file(victim)))
      for (let n = 0; n < 8; n++) {
        await tasks.runDue()
        api.clock.advance(30 * MINUTE)
        await Promise.all(tickets.map(({ token }) => ask(token, 'email')))
      }
      let sent = 0
      for (const { ticketId } of tickets) sent += (await codesSent(ticketId, 'email', 'code.prove')).length
      expect(sent).toBe(5)
    })

    it('A06 A07 a flood of filings takes the share of SMS that is anybody’s, and nobody’s whose e-mail is proven, nor a desk’s', async () => {
      api.clock.advance(24 * HOUR)
      const sms = async () => {
        await tasks.runDue()
        const all = (await api.deps.services.messages.mailbox?.list(500)) ?? []
        return new Set(all.filter((it) => it.channel === 'sms' && it.template === 'code.prove').map((it) => it.id)).size
      }
      const before = await sms()
      const honest = await file()
      const late: Awaited<ReturnType<typeof file>>[] = []
      for (let n = 0; n < 16; n++) late.push(await file())
      // Twenty an hour: half of them are anybody's, however many ask.
      expect((await sms()) - before).toBe(10)
      const flood = late.at(-1)!
      const closed = await ask(flood.token, 'phone')
      expect([closed.status, closed.body.code]).toEqual([429, 'TOO_MANY_REQUESTS'])

      // Whoever shows that one of the two contacts is theirs gets the code for the other, in the midst of the flood.
      api.clock.advance(2 * MINUTE)
      for (const ticket of [honest, flood]) {
        const [code] = await codesSent(ticket.ticketId, 'email', 'code.prove')
        expect(await verify(ticket.token, 'email', code)).toBe(200)
        expect((await ask(ticket.token, 'phone')).status).toBe(202)
        const codes = await codesSent(ticket.ticketId, 'phone', 'code.prove')
        expect(await verify(ticket.token, 'phone', codes.at(0))).toBe(200)
      }
      // Proven ones end before the desks' share does.
      for (const ticket of late.slice(0, 10)) {
        const [code] = await codesSent(ticket.ticketId, 'email', 'code.prove')
        expect(await verify(ticket.token, 'email', code)).toBe(200)
        await ask(ticket.token, 'phone')
      }
      expect((await sms()) - before).toBe(18)
      const walkIn = await atDesk()
      expect((await sms()) - before).toBe(19)
      expect(await codesSent(walkIn, 'phone', 'code.prove')).toHaveLength(1)
      // An hour later everybody has their share again.
      api.clock.advance(HOUR)
      expect((await ask(late[14]!.token, 'phone')).status).toBe(202)
    })

    it('A51 a change of address says whether its code was sent and when the next may be asked for; it follows by itself', async () => {
      const { ticketId, token, email } = await file()
      const change = (address: string) =>
        asFiler(api, token, 'POST', '/v1/pengaduan/contacts', { channel: 'email', address })
      const first = await change(`lain-${email}`)
      expect([first.status, first.body.codeSent]).toEqual([200, true])
      expect(Date.parse(first.body.nextCodeAt as string)).toBe(api.clock.now() + MINUTE)
      const back = await change(email)
      expect([back.status, back.body.codeSent]).toEqual([200, false])
      expect(Date.parse(back.body.nextCodeAt as string)).toBe(api.clock.now() + MINUTE)
      const before = await codesSent(ticketId, 'email', 'code.prove')
      api.clock.advance(MINUTE)
      const codes = await codesSent(ticketId, 'email', 'code.prove')
      expect(codes).toHaveLength(before.length + 1)
      const results: number[] = []
      for (const code of codes) results.push(await verify(token, 'email', code))
      expect(results.filter((it) => it === 200)).toHaveLength(1)
    })
  })
}
