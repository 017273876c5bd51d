import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { PRIVACY_NOTICE } from '../../src/intake/notice.js'
import { CHECKLIST_ITEMS } from '../../src/machines/pengaduan/events.js'
import { jpeg } from '../documents/samples.js'
import { pulih, tokenOf } from '../drills/server.js'
import { hasPostgres } from '../support/postgres.js'
import { sharedPostgres } from '../support/sharedPostgres.js'
import { hasRedis, startRedis } from '../support/servers.js'
import { findIn, spellingsOf, type Spelling } from './spellings.js'
import { filesBelow, prepare, redisDump, somebody, WholeServer } from './wholeCase.js'
import { newFolder, type Place } from './world.js'

const SOON = { timeout: 60_000, interval: 100 }
const MATCHED = { verdict: 'matched', checklist: CHECKLIST_ITEMS.map((item) => ({ item, matched: true })) }
const CONTACTS = { email: 'Kenari.Rahasia@surat.example.org', phone: '0857 9713 2468' }

interface Case {
  readonly server: WholeServer
  readonly identity: Readonly<Record<string, string | null>>
  readonly ktp: Buffer
  readonly spellings: readonly Spelling[]
}

/** What nobody may find: as declared, as normalised, what the account held before, and the picture in slices. */
function canaries(ktp: Buffer): { identity: Case['identity']; spellings: Spelling[] } {
  const { participant, accounts } = somebody()
  const kpj = participant.cards[0]?.kpj ?? ''
  const { nik, name, birthDate } = participant
  const texts: Record<string, readonly (string | null | undefined)[]> = {
    nik: [nik],
    kpj: [kpj],
    name: [name],
    email: [CONTACTS.email, ...accounts.map((it) => it.email)],
    phone: ['085797132468', '+6285797132468', '85797132468', ...accounts.map((it) => it.phone)],
  }
  const slices = [300, 5_000, Math.floor(ktp.length / 2), ktp.length - 60].map((at) => ktp.subarray(at, at + 24))
  return {
    identity: { nik, name, birthDate, kpj },
    spellings: [
      ...Object.entries(texts).flatMap(([of, all]) => all.flatMap((it) => (it == null ? [] : spellingsOf(of, it)))),
      ...slices.flatMap((it) => spellingsOf('picture', it)),
    ],
  }
}

/** From filing to contacts replaced, by HTTP alone, with the mistakes in between that end up in logs. */
async function live({ server, identity, ktp }: Omit<Case, 'spellings'>): Promise<Buffer> {
  const filing = {
    ...{ identity, contacts: CONTACTS, cause: 'EMAIL_DAN_HP_HILANG', declaration: true },
    noticeVersion: PRIVACY_NOTICE.version,
  }
  await mistakes(server, filing)
  const filed = await server.call('POST', '/v1/pengaduan', null, filing)
  expect(filed.status, filed.bytes.toString()).toBe(202)
  const { ticketId, statusToken: token } = filed.body as { ticketId: string; statusToken: string }
  for (const [channel, sent] of [
    ['email', 'email'],
    ['phone', 'sms'],
  ] as const)
    await expect
      .poll(async () => {
        const { body } = await server.call('GET', '/mailbox', null)
        const mail = (body.messages as { channel: string; template: string; text: string }[]).find(
          (it) => it.channel === sent && it.template === 'code.prove',
        )
        const code = /\b\d{6}\b/.exec(mail?.text ?? '')?.[0]
        if (code === undefined) return 0
        return (await server.call('POST', '/v1/pengaduan/codes/verification', token, { channel, code })).status
      }, SOON)
      .toBe(200)
  const state = async () => (await server.call('GET', `/v1/tickets/${ticketId}`, tokenOf('agent'))).body.state as string
  await expect.poll(state, SOON).toBe('submitted')
  const form = new FormData()
  form.append('kind', 'KTP')
  form.append('file', new Blob([ktp]), `KTP ${identity['name']} ${identity['nik']}.jpg`)
  const uploaded = await server.call('POST', '/v1/pengaduan/documents', token, form)
  expect(uploaded.body.documents).toMatchObject([{ state: 'accepted' }])
  await server.send(ticketId, 'supervisor', 'release.override', { reason: 'LUAR_JAM' })
  expect((await server.send(ticketId, 'agent', 'verification.start')).status).toBe(200)

  const reveal = { fields: ['nik', 'name'], reason: 'IDENTITY_CHECK' }
  const person = await server.call('POST', `/v1/tickets/${ticketId}/person/reveal`, tokenOf('agent'), reveal)
  expect(person.body.identity).toMatchObject({ nik: identity['nik'], name: identity['name'] })
  const { documentId } = uploaded.body.documents[0] as { documentId: string }
  const page = await server.call('GET', `/v1/tickets/${ticketId}/documents/${documentId}/pages/1`, tokenOf('checker'))
  expect(page.bytes.subarray(0, 2).toString('hex')).toBe('ffd8')
  const risk = async () =>
    (await server.call('GET', `/v1/tickets/${ticketId}/risk`, tokenOf('agent'))).body.match as object | null
  await expect.poll(risk, SOON).toMatchObject({ outcome: 'found' })
  for (const [actor, type, payload] of [
    ['agent', 'identity.verify', MATCHED],
    ['agent', 'approval.propose', {}],
    ['checker', 'approval.confirm', {}],
  ] as const) {
    const answer = await server.send(ticketId, actor, type, payload)
    expect(answer.status, `${type}: ${answer.bytes.toString()}`).toBe(200)
  }
  await expect.poll(state, SOON).toBe('contactUpdated')
  // What is sent about it is on its way too.
  const told = async () =>
    ((await server.call('GET', '/mailbox', null)).body.messages as { template: string }[]).map((it) => it.template)
  await expect.poll(told, SOON).toContain('contact.updated')
  return page.bytes
}

/** Values where they do not belong: in a path, a query, a header, the name of a field, broken JSON. */
async function mistakes(server: WholeServer, filing: { identity: Case['identity'] }): Promise<void> {
  const { nik, name } = filing.identity
  const wrong = { ...filing, identity: { ...filing.identity, birthDate: nik } }
  expect((await server.call('POST', '/v1/pengaduan', null, wrong)).status).toBe(422)
  expect((await server.call('POST', '/v1/pengaduan', null, { ...filing, [String(nik)]: name })).status).toBe(422)
  expect((await server.call('GET', `/v1/tickets/${nik}?email=${CONTACTS.email}`, tokenOf('agent'))).status).toBe(404)
  expect((await server.call('GET', `/${encodeURIComponent(String(name))}`, `${nik}`)).status).toBe(404)
  const broken = await fetch(`${server.url}/v1/pengaduan`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': `"${nik}"`, 'user-agent': `Telefon ${nik}` },
    body: `{"identity": {"nik": "${nik}", `,
  })
  expect(broken.status).toBe(400)
}

async function everywhere({ server, spellings }: Case, place: Place, redisUrl: string): Promise<readonly string[]> {
  const found: string[] = []
  const look = (where: string, bytes: Uint8Array | string) => found.push(...findIn(where, bytes, spellings))
  const files = filesBelow(place.dataDir)
  for (const file of files) look(file, readFileSync(file))
  const names = files.map((it) => it.slice(place.dataDir.length))
  expect(names.some((it) => it.startsWith('/files/'))).toBe(true)
  for (const [where, bytes] of await redisDump(redisUrl)) {
    expect(bytes.length, where).toBeGreaterThan(0)
    look(where, bytes)
  }
  const metrics = await server.call('GET', '/metrics', null)
  expect(metrics.bytes.toString()).toContain('pulih_facts_total')
  look('/metrics', metrics.bytes)
  if (place.databaseUrl === null) {
    expect(names).toEqual(expect.arrayContaining(['/pulih.db', '/pulih.db-wal']))
    const backup = join(newFolder(), 'backup.db')
    expect(await pulih(['backup', backup, '--data', place.dataDir])).toMatchObject({ code: 0 })
    for (const file of filesBelow(join(backup, '..'))) look(file, readFileSync(file))
  } else {
    const dump = spawnSync('/usr/bin/env', ['pg_dump', '--inserts', '--dbname', place.databaseUrl], {
      maxBuffer: 2 ** 28,
    })
    expect(dump.stdout.length).toBeGreaterThan(100_000)
    look('pg_dump', dump.stdout)
  }
  await server.stop()
  // Stopped, everything that was buffered is out.
  const [log, traces] = [Buffer.concat(server.said), Buffer.concat(server.traced)]
  expect(log.toString()).toContain('/v1/pengaduan/documents')
  expect(traces.toString()).toContain('engine.commit')
  look('log', log)
  look('traces', traces)
  for (const file of filesBelow(place.dataDir)) look(`${file} after the stop`, readFileSync(file))
  return found
}

async function wholeCase(place: Place): Promise<void> {
  const redis = await startRedis({ persistent: true })
  try {
    await prepare(place)
    const ktp = await jpeg(77, 1_200, 760)
    const { identity, spellings } = canaries(ktp)
    const server = await WholeServer.start(place, redis.url)
    const page = await live({ server, identity, ktp })
    const drawn = [400, Math.floor(page.length / 2)].flatMap((at) => spellingsOf('page', page.subarray(at, at + 24)))
    expect(await everywhere({ server, identity, ktp, spellings: [...spellings, ...drawn] }, place, redis.url)).toEqual(
      [],
    )
    const verified = await pulih(
      ['verify', '--data', place.dataDir],
      place.databaseUrl === null ? {} : { DATABASE_URL: place.databaseUrl },
    )
    expect(verified.out).toMatch(
      /opened \d+ sealed values, .+: 0 problems\nlooked at [1-9]\d* evidence files of .+: 0 problems\nnot looked at: the audit chain;.+\n$/,
    )
  } finally {
    await redis.stop()
  }
}

it('the search finds every spelling that it looks for', async () => {
  const { spellings } = canaries(await jpeg(77, 1_200, 760))
  for (const spelling of spellings)
    expect(findIn('', Buffer.concat([Buffer.from('x1'), spelling.bytes, Buffer.from('y')]), [spelling])).toHaveLength(1)
  const wrapped = (value: string) => [0, 1, 2].map((n) => Buffer.from(`${'x'.repeat(n)}${value}yz`).toString('base64'))
  for (const text of wrapped('3204114609970001'))
    expect(findIn('', text, spellingsOf('nik', '3204114609970001'))).not.toEqual([])
  expect(findIn('', '3204 1146 0997 0001', spellingsOf('nik', '3204114609970001'))).not.toEqual([])
  expect(findIn('', 'siti%20rahmawati', spellingsOf('name', 'Siti Rahmawati'))).not.toEqual([])
})

describe.skipIf(!hasRedis)('a whole case', { timeout: 240_000 }, () => {
  it('A44, R-ENC-4: leaves no value in file, WAL, Redis, job, log, metric, trace or backup, in any spelling (SQLite)', () =>
    wholeCase({ dataDir: newFolder(), databaseUrl: null }))

  it.skipIf(!hasPostgres)('A44, R-ENC-4: nor on PostgreSQL, as pg_dump writes it', async () => {
    await wholeCase({ dataDir: newFolder(), databaseUrl: await (await sharedPostgres()).database() })
  })
})
