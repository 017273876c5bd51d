import { createSecretKey } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { syntheticPerson, SYNTHETIC_SEED } from '../../src/directory/index.js'
import { httpAccounts } from '../../src/ports/accounts.http.js'
import { httpDirectory } from '../../src/ports/directory.http.js'
import { freePort } from '../support/servers.js'
import { answers, cuts, floods, hangsUp, silent, Trouble } from './trouble.js'

const TOKEN = 'sesame-sesame-sesame'
const token = createSecretKey(Buffer.from(TOKEN))
const QUICK = { timeoutMs: 150, backOffMs: 1, breakAfter: 100 }
const { participant } = syntheticPerson(SYNTHETIC_SEED, 1, 0)
const KNOWN = { participant: { ...participant, accounts: [] } }
const ORDER = { participantId: 'p-00001', email: 'rahasia@example.org', phone: '+6284099998888', key: 't-1-7' }

let system: Trouble
beforeEach(async () => {
  system = await Trouble.open()
})
afterEach(async () => {
  vi.useRealTimers()
  await system.close()
})
const directory = (limits = {}) => httpDirectory({ url: system.url, token }, { ...QUICK, ...limits })
const accounts = (limits = {}) => httpAccounts({ url: system.url, token }, { ...QUICK, ...limits })

async function failure(work: Promise<unknown>): Promise<{ code: string; extra: unknown; text: string }> {
  const error = await work.then(
    () => new Error('it succeeded'),
    (thrown: unknown) => thrown as Error,
  )
  const { code, extra } = error as unknown as { code: string; extra: unknown }
  const inside = [error.message, error.stack, JSON.stringify(extra), String(error.cause)]
  return { code, extra, text: inside.join('\n') }
}
const unavailable = (reason: string) => ({ code: 'UPSTREAM_UNAVAILABLE', extra: { reason } })

describe('a look-up', () => {
  it('asks by POST, with the secret in the header and the NIK in the body and nowhere else', async () => {
    system.behave = [answers(200, KNOWN)]
    expect(await directory().findByNik(participant.nik)).toEqual(KNOWN.participant)
    const [asked] = system.asked
    expect(asked!.path).toBe('/v1/participants/lookup')
    expect(asked!.headers.authorization).toBe(`Bearer ${TOKEN}`)
    expect(JSON.parse(asked!.body)).toEqual({ nik: participant.nik })
    expect(JSON.stringify(asked!.headers)).not.toContain(participant.nik)
  })

  it.each([
    ['a server in trouble', answers(503, 'no'), 'answered503', 3],
    ['too many requests', answers(429, 'no'), 'answered429', 3],
    ['silence', silent, 'timeout', 3],
    ['a connection cut in the middle', cuts, 'unreachable', 3],
    ['a connection cut at once', hangsUp, 'unreachable', 3],
    ['a refused secret', answers(401, {}), 'answered401', 1],
    ['a wrong path', answers(404, {}), 'answered404', 1],
    ['text that is no JSON', answers(200, '<html>'), 'malformed', 1],
    ['JSON of another shape', answers(200, { ok: true }), 'malformed', 1],
    ['a field too many', answers(200, { ...KNOWN, more: 1 }), 'malformed', 1],
    ['nothing', answers(204, ''), 'malformed', 1],
    ['an answer without end', floods, 'tooLarge', 1],
    ['a redirect', answers(307, '', { location: 'http://127.0.0.1:9/' }), 'redirected', 1],
  ] as const)('that meets %s fails as told, after so many tries', async (_, behaviour, reason, tries) => {
    system.behave = [behaviour]
    expect(await failure(directory().findByNik(participant.nik))).toMatchObject(unavailable(reason))
    expect(system.asked).toHaveLength(tries)
  })

  it('that meets trouble twice succeeds at the third try', async () => {
    system.behave = [answers(500, 'no'), hangsUp, answers(200, KNOWN)]
    expect(await directory().findByNik(participant.nik)).toEqual(KNOWN.participant)
  })

  it.each([
    ['NIK', () => directory().findByNik('3174010101900001')],
    ['KPJ', () => directory().findByKpj('12345678901')],
    ['id', () => directory().findById('p-00002')],
  ])('by %s that is answered with somebody else fails: nobody gets another one’s account', async (_, find) => {
    system.behave = [answers(200, KNOWN)]
    expect(await failure(find())).toMatchObject(unavailable('malformed'))
  })

  it('does not follow where it is sent: nobody else gets the secret', async () => {
    const other = await Trouble.open()
    other.behave = [answers(200, KNOWN)]
    system.behave = [answers(307, '', { location: `${other.url}/v1/participants/lookup` })]
    await failure(directory().findByNik(participant.nik))
    await other.close()
    expect(other.asked).toEqual([])
  })

  it('to nobody fails', async () => {
    const nowhere = httpDirectory({ url: `http://127.0.0.1:${await freePort()}`, token }, QUICK)
    expect(await failure(nowhere.findById('p-00001'))).toMatchObject(unavailable('unreachable'))
  })
})

describe('a command', () => {
  it('carries its key, quoted, and reads a refusal', async () => {
    system.behave = [answers(200, { accountId: 'a-1' }), answers(422, { code: 'ACCOUNT_DISABLED' }), answers(204, '')]
    expect(await accounts().replaceContacts(ORDER)).toEqual({ outcome: 'replaced', accountId: 'a-1' })
    expect(await accounts().replaceContacts(ORDER)).toEqual({ outcome: 'refused', code: 'ACCOUNT_DISABLED' })
    await accounts().revokeSessions('a-1', 't-1-7')
    expect(system.asked.map((it) => it.headers['idempotency-key'])).toEqual(['"t-1-7"', '"t-1-7"', '"t-1-7"'])
    const { participantId, email, phone } = ORDER
    expect(JSON.parse(system.asked[0]!.body)).toEqual({ participantId, email, phone })
  })

  it.each([
    [answers(503, 'no'), 'answered503'],
    [silent, 'timeout'],
    [cuts, 'unreachable'],
    [answers(422, { code: 'free text about somebody' }), 'answered422'],
  ])('is not repeated here: the outbox repeats it, with the same key', async (behaviour, reason) => {
    system.behave = [behaviour]
    expect(await failure(accounts().replaceContacts(ORDER))).toMatchObject(unavailable(reason))
    expect(system.asked).toHaveLength(1)
  })
})

it('no failure shows what was asked, what was answered, or the secret', async () => {
  const told = JSON.stringify({ ...KNOWN, contacts: ORDER })
  system.behave = [answers(200, told)]
  const texts = [
    await failure(directory().findByNik(participant.nik)),
    await failure(accounts().contactsOf('p-00001')),
    await failure(accounts().replaceContacts(ORDER)),
  ].map((it) => it.text)
  for (const secret of [TOKEN, participant.nik, participant.name, ORDER.email, ORDER.phone, '127.0.0.1'])
    expect(texts.join('\n')).not.toContain(secret)
})

describe('the breaker', () => {
  const LIMITS = { tries: 1, breakAfter: 3, openMs: 60_000 }

  it('opens after failures in a row and asks nobody; half open, one call decides', async () => {
    // Only the date is virtual: connections live in real time.
    vi.useFakeTimers({ toFake: ['Date'] })
    const port = directory(LIMITS)
    const find = () => port.findByNik(participant.nik)
    system.behave = [answers(503, 'no')]
    for (let n = 0; n < 3; n++) expect(await failure(find())).toMatchObject(unavailable('answered503'))
    expect(await failure(find())).toMatchObject(unavailable('resting'))
    expect(system.asked).toHaveLength(3)

    vi.setSystemTime(Date.now() + 60_001)
    expect(await failure(find())).toMatchObject(unavailable('answered503'))
    expect(await failure(find())).toMatchObject(unavailable('resting'))
    expect(system.asked).toHaveLength(4)

    system.behave = [answers(200, KNOWN)]
    vi.setSystemTime(Date.now() + 60_001)
    expect(await find()).toEqual(KNOWN.participant)
    expect(await find()).toEqual(KNOWN.participant)
    expect(system.asked).toHaveLength(6)
  })

  it('stays closed while answers come, refusals and unknown people among them', async () => {
    const port = accounts(LIMITS)
    system.behave = [answers(422, { code: 'ACCOUNT_NOT_FOUND' })]
    for (let n = 0; n < 6; n++)
      expect(await port.replaceContacts(ORDER)).toEqual({ outcome: 'refused', code: 'ACCOUNT_NOT_FOUND' })
  })

  it('of one system does not stop the other', async () => {
    const [one, other] = [directory(LIMITS), accounts(LIMITS)]
    system.behave = [answers(503, 'no')]
    for (let n = 0; n < 4; n++) await failure(one.findById('p-00001'))
    system.behave = [answers(200, { contacts: null })]
    expect(await other.contactsOf('p-00001')).toBeNull()
  })
})
