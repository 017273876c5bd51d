import { syntheticPerson } from '../../directory/index.js'
import { PRIVACY_NOTICE } from '../../intake/notice.js'
import { checks, did, event, handles, type Desk } from './desk.js'
import { bornOf, codesIn, mailbox, type DrawCard } from './filers.js'
import { expected, type Caller } from './http.js'
import { BRANCH, type Crew, type Officer } from './staff.js'

const MINUTE = 60_000

/** Somebody stands at the desk of a branch: filed, proven, uploaded, checked and decided in one sitting, by three people. Gives the ticket. */
export async function walkIn(
  desk: Desk,
  { branch: [clerk, maker, checker] }: Crew,
  { seed, number, start, draw }: { seed: number; number: number; start: number; draw: DrawCard },
): Promise<string> {
  const { world, deeds } = desk
  const { nik, name, cards } = syntheticPerson(seed, number, start).participant
  const body = {
    identity: { name, nik, kpj: cards[0]?.kpj ?? null, birthDate: bornOf(nik) },
    contacts: { email: 'hadir.sendiri@surat.example.org', phone: '0857 3333 0001' },
    ...{ cause: 'DATA_LAMA', declaration: true, noticeVersion: PRIVACY_NOTICE.version },
    ...{ officeId: BRANCH, originalsSighted: true },
  }
  const filed = expected(await clerk.send('POST', '/v1/branch/tickets', { body }), 202, 'walk-in')
  const ticketId = String(filed.body['ticketId'])
  await world.settle()
  world.clock.advance(MINUTE)
  const codes = await codesIn(clerk, ticketId)
  for (const channel of ['email', 'phone'] as const) {
    const proof = { body: { channel, code: codes[channel] } }
    const path = `/v1/tickets/${ticketId}/desk-codes/verification`
    expected(await clerk.send('POST', path, proof), 200, 'proof at the desk')
  }
  const form = new FormData()
  form.append('kind', 'KTP')
  form.append(
    'file',
    new Blob([await draw({ nik, name: name.slice(0, 20), born: `CONTOH, ${bornOf(nik)}` })]),
    'ktp.jpg',
  )
  expected(await clerk.send('POST', `/v1/tickets/${ticketId}/documents`, { form }), 200, 'upload at the desk')
  await world.settle()
  await handles(desk, maker, ticketId)
  await confirms(desk, checker, ticketId)
  did(deeds, 'walkIn')
  return ticketId
}

async function confirms(desk: Desk, checker: Officer, ticketId: string): Promise<void> {
  const state = expected(await checker.send('GET', `/v1/tickets/${ticketId}`), 200, 'branch').body['state']
  if (state === 'approvalProposed') await checks(desk, checker, ticketId)
}

/** Somebody whom the digital desk sent to the branch comes with their originals. */
export async function visits(desk: Desk, { branch: [clerk, maker, checker] }: Crew, ticketId: string): Promise<void> {
  await event(desk, clerk, ticketId, 'branch.arrive')
  await desk.world.settle()
  await handles(desk, maker, ticketId)
  await confirms(desk, checker, ticketId)
}

/** The objection code of the notice that somebody just got. */
export async function noticeCode(client: Caller, ticketId: string): Promise<string> {
  const told = (await mailbox(client)).filter((it) => it.ticketId === ticketId && it.channel === 'email')
  return told.map((it) => /, kode ([0-9A-Z]{8})\b/.exec(it.text)?.[1]).find((it) => it !== undefined) ?? ''
}

/** "Bukan saya": whoever was told of a hold types the code of the notice. */
export async function objects(desk: Desk, client: Caller, ticketNumber: string, code: string): Promise<void> {
  expected(await client.send('POST', '/v1/objections', { body: { ticketNumber, code } }), 200, 'objection')
  did(desk.deeds, 'objected')
  await desk.world.settle()
}

/** A supervisor judges what is frozen: the first is upheld, every other one dismissed. */
export async function judges(desk: Desk, supervisor: Officer): Promise<void> {
  const path = '/v1/worklist?state=frozen&limit=10'
  const { items } = expected(await supervisor.send('GET', path), 200, 'frozen').body as {
    items: readonly { readonly ticketId: string }[]
  }
  for (const { ticketId } of items) {
    if (desk.upheld.size === 0) {
      await event(desk, supervisor, ticketId, 'objection.uphold', { reason: 'PEMILIK_MENYANGGAH' })
      desk.upheld.add(ticketId)
    } else await event(desk, supervisor, ticketId, 'objection.dismiss', { reason: 'SANGGAHAN_KELIRU' })
    await desk.world.settle()
  }
}

/** Our own trouble: declared and announced; gives its id. */
export async function outage(desk: Desk, supervisor: Officer): Promise<string> {
  const now = desk.world.clock.now()
  const [from, until] = [new Date(now - 10 * MINUTE).toISOString(), new Date(now + 90 * MINUTE).toISOString()]
  const body = { cause: 'GANGGUAN_SISTEM', title: 'KODE_TERLAMBAT', from, until }
  const declared = expected(await supervisor.send('POST', '/v1/incidents', { body }), 201, 'incident')
  const id = String(declared.body['incidentId'])
  expected(await supervisor.send('POST', `/v1/incidents/${id}/announce`, { body: {} }), 200, 'announcement')
  did(desk.deeds, 'incident')
  return id
}

/** Over: whatever waits in the queue is linked in bulk, and everybody of it is told. */
export async function outageOver(desk: Desk, supervisor: Officer, incidentId: string): Promise<void> {
  const selection = { filter: { type: 'pengaduan' } }
  const body = { action: 'incident.link', payload: { incidentId }, selection }
  const started = await supervisor.send('POST', '/v1/bulk', { body })
  // An empty queue is no selection; then nobody has to be told.
  if (started.status === 202) {
    await desk.world.runBulk()
    const path = `/v1/bulk/${String(started.body['id'])}`
    did(desk.deeds, 'linked', Number(expected(await supervisor.send('GET', path), 200, 'bulk').body['done']))
  }
  expected(await supervisor.send('POST', `/v1/incidents/${incidentId}/end`, { body: {} }), 200, 'end of the incident')
  await desk.world.settle()
}

/** An administrator takes a checker's role away, while an approval of theirs waits out its hold (A26). */
export async function revokes(desk: Desk, { admin }: Crew, checker: Officer): Promise<void> {
  const body = { role: checker.role, officeId: checker.officeId }
  expected(await admin.send('POST', `/v1/staff/${checker.id}/roles/revoke`, { body }), 200, 'revocation')
  did(desk.deeds, 'revoked')
}
