import { createSecretKey } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { digestToken } from '../../src/config.js'
import { startReferenceServer, syntheticPeople, SYNTHETIC_SEED } from '../../src/directory/index.js'
import { httpAccounts } from '../../src/ports/accounts.http.js'
import { httpDirectory } from '../../src/ports/directory.http.js'
import { upstreamHealth } from '../../src/ports/upstream.js'
import { MORNING } from '../support/world.js'
import { DirectoryWorld, SMALL } from './world.js'

const TOKEN = 'sesame-sesame-sesame'
const token = createSecretKey(Buffer.from(TOKEN))
const people = syntheticPeople(SYNTHETIC_SEED, SMALL, MORNING)
const idOf = (kind: string) => people.find((it) => it.kind === kind)!.participant.id
const NEW = { email: 'baru@example.org', phone: '+6284011112222' }

let world: DirectoryWorld
let server: Awaited<ReturnType<typeof startReferenceServer>>
beforeEach(async () => {
  world = await DirectoryWorld.open()
  server = await serve()
})
function serve() {
  const { directory, accounts } = world
  return startReferenceServer({ directory, accounts, tokenSha256: digestToken(TOKEN) })
}
afterEach(async () => {
  await server.close()
  await world.close()
})
const config = () => ({ url: server.url, token })

describe('the adapters, over a real connection to the reference server', () => {
  it('find the same people as the embedded directory, and nobody where nobody is', async () => {
    const directory = httpDirectory(config())
    for (const { participant } of people.slice(0, 20)) {
      const embedded = await world.directory.findById(participant.id)
      expect(await directory.findById(participant.id)).toEqual(embedded)
      expect(await directory.findByNik(participant.nik)).toEqual(embedded)
      expect(await directory.findByKpj(participant.cards[0]!.kpj)).toEqual(embedded)
    }
    expect(await directory.findByNik('3174010101900001')).toBeNull()
    expect(await directory.findByKpj('12345678901')).toBeNull()
  })

  it('replace once per key, whoever asks twice or at the same time', async () => {
    const accounts = httpAccounts(config())
    const order = { participantId: idOf('plain'), ...NEW, key: 'k-1' }
    const said = await Promise.all(Array.from({ length: 5 }, () => accounts.replaceContacts(order)))
    const accountId = (await accounts.contactsOf(order.participantId))!.accountId
    expect(said).toEqual(Array.from({ length: 5 }, () => ({ outcome: 'replaced', accountId })))
    expect(await accounts.replacementUnder('k-1')).toEqual({ accountId })
    expect(await accounts.replacementUnder('k-2')).toBeNull()
    expect(await accounts.replaceContacts({ ...order, email: 'lain@example.org' })).toEqual({
      outcome: 'refused',
      code: 'KEY_REUSED',
    })
    expect(await accounts.contactsOf(order.participantId)).toEqual({ accountId, ...NEW })
    const [row] = await world.parts.store.dirAccountsOf(order.participantId)
    expect(row!.version).toBe(2)
  })

  it('two keys racing: both are done, the last one stands', async () => {
    const accounts = httpAccounts(config())
    const orders = [1, 2].map((n) => ({
      participantId: idOf('plain'),
      ...NEW,
      email: `${n}@example.org`,
      key: `k-${n}`,
    }))
    const said = await Promise.all(orders.map((it) => accounts.replaceContacts(it)))
    expect(said.map((it) => it.outcome)).toEqual(['replaced', 'replaced'])
    const done = await Promise.all(orders.map((it) => world.parts.store.findDirReplacement(it.key)))
    const last = orders[done.findIndex((it) => it!.accountVersion === 3)]!
    expect((await accounts.contactsOf(last.participantId))!.email).toBe(last.email)
  })

  it('hear refusals as such', async () => {
    const accounts = httpAccounts(config())
    const refusal = async (kind: string) => accounts.replaceContacts({ participantId: idOf(kind), ...NEW, key: 'k-1' })
    expect(await refusal('noAccount')).toEqual({ outcome: 'refused', code: 'ACCOUNT_NOT_FOUND' })
    expect(await refusal('accountDisabled')).toEqual({ outcome: 'refused', code: 'ACCOUNT_DISABLED' })
    expect(await accounts.contactsOf(idOf('noAccount'))).toBeNull()
  })

  it('revoke sessions', async () => {
    await httpAccounts(config()).revokeSessions('a-00001', 'k-1')
    expect((await world.parts.store.dirAccountsOf('p-00001'))[0]!.sessionsRevokedAt).toBe(MORNING)
  })

  it('tell health: well, refused, gone', async () => {
    expect(await upstreamHealth(config(), 2_000)).toBe('well')
    expect(
      await upstreamHealth({ url: server.url, token: createSecretKey(Buffer.from('another secret')) }, 2_000),
    ).toBe('refused')
    expect(await upstreamHealth({ url: `${server.url}/elsewhere`, token }, 2_000)).toBe('unwell')
    const { url } = server
    await server.close()
    expect(await upstreamHealth({ url, token }, 2_000)).toBe('unreachable')
    server = await serve()
  })
})

describe('the reference server', () => {
  const post = (path: string, body: string, headers: Record<string, string> = {}) =>
    fetch(`${server.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers },
      body,
    })
  const REPLACEMENT = '/v1/accounts/contacts/replacement'
  const ORDER = JSON.stringify({ participantId: 'p-00001', ...NEW })

  it.each([
    ['no secret', '/v1/participants/lookup', '{}', { authorization: '' }, 401],
    ['a wrong secret', '/v1/participants/lookup', '{}', { authorization: 'Bearer wrong' }, 401],
    ['another path', '/v1/participants', '{}', {}, 404],
    ['a query', '/v1/participants/lookup?nik=1', '{}', {}, 404],
    ['another medium', '/v1/participants/lookup', '{}', { 'content-type': 'text/plain' }, 415],
    ['no JSON', '/v1/participants/lookup', '{', {}, 400],
    ['two questions', '/v1/participants/lookup', '{"nik":"3174010101900001","id":"p-00001"}', {}, 400],
    ['a NIK of 15 digits', '/v1/participants/lookup', '{"nik":"317401010190000"}', {}, 400],
    ['too much', '/v1/participants/lookup', `{"nik":"${'1'.repeat(20_000)}"}`, {}, 413],
    ['a command without a key', REPLACEMENT, ORDER, {}, 400],
    ['a key without quotes', REPLACEMENT, ORDER, { 'idempotency-key': 'k-1' }, 400],
  ])('refuses %s', async (_, path, body, headers, status) => {
    const response = await post(path, body, headers)
    expect(response.status).toBe(status)
    expect(Object.keys((await response.json()) as object)).toEqual(['code'])
  })

  it('says no more than that it is unwell when what is behind it fails', async () => {
    await world.store.close()
    const response = await post('/v1/participants/lookup', '{"id":"p-00001"}')
    expect([response.status, await response.json()]).toEqual([503, { code: 'UNAVAILABLE' }])
    world = await DirectoryWorld.open()
  })
})
