import { expected, type Answer } from './http.js'
import { BRANCH, type Officer } from './staff.js'
import type { DayWorld } from './world.js'
import type { Dice } from '../dice.js'

/** What officers did, by name; the totals of the story. */
export type Deeds = Map<string, number>
export const did = (deeds: Deeds, what: string, many = 1): void => void deeds.set(what, (deeds.get(what) ?? 0) + many)

export interface Desk {
  readonly world: DayWorld
  readonly dice: Dice
  readonly deeds: Deeds
  /** Somebody outside has to do something now. */
  readonly waits: (ticketId: string, what: 'answer' | 'visit') => void
  /** Upheld objections: whoever gets the ticket again rejects it. */
  readonly upheld: Set<string>
  readonly onApproved: (ticketId: string, by: Officer) => Promise<void>
}
type Body = Readonly<Record<string, unknown>>
interface Item {
  readonly item: string
  readonly required: boolean
  readonly hint: { readonly verdict: string; readonly findings: readonly { readonly code: string }[] } | null
}
interface Known {
  readonly status: string
  readonly activeAccounts: number
}

/** One look at the queue: takes the next ticket and deals with it. False when there was none. */
export async function agentTurn(desk: Desk, officer: Officer): Promise<boolean> {
  const ticketId = await next(desk, officer)
  if (ticketId === null) return false
  if (desk.dice.int(1, 30) === 1) {
    // Too much just now: gives it back for the next one.
    expected(await officer.send('POST', `/v1/tickets/${ticketId}/release`, { body: {} }), 200, 'release')
    did(desk.deeds, 'released')
    return true
  }
  expected(await officer.send('POST', `/v1/tickets/${ticketId}/heartbeat`, { body: {} }), 200, 'heartbeat')
  await handles(desk, officer, ticketId)
  return true
}

async function next({ deeds }: Desk, officer: Officer): Promise<string | null> {
  const { body } = expected(await officer.send('POST', '/v1/worklist/claim-next', { body: {} }), 200, 'claim-next')
  const assignment = body['assignment'] as { readonly ticketId: string } | null
  if (assignment !== null) did(deeds, 'claimed')
  return assignment?.ticketId ?? null
}

/** Verifies and proposes, or does what the data ask for instead. */
export async function handles(desk: Desk, officer: Officer, ticketId: string): Promise<void> {
  const { world, deeds, dice, waits, upheld } = desk
  const ticket = await read(officer, `/v1/tickets/${ticketId}`)
  if (ticket['state'] !== 'underVerification') await event(desk, officer, ticketId, 'verification.start')
  if (upheld.has(ticketId)) {
    await event(desk, officer, ticketId, 'reject', { code: 'INDIKASI_PENIPUAN' })
    return
  }
  const { records } = (await read(officer, `/v1/tickets/${ticketId}/comparison`)) as { records: readonly Known[] }
  const { items } = (await read(officer, `/v1/tickets/${ticketId}/verification`)) as { items: readonly Item[] }
  const differs = (item: string) => items.find((it) => it.item === item)?.hint?.verdict === 'differs'
  const refer = async (reason: string) => {
    await event(desk, officer, ticketId, 'branch.refer', { officeId: BRANCH, reason })
    waits(ticketId, 'visit')
  }
  const atBranch = officer.officeId === BRANCH
  const competes = items.some((it) => it.hint?.findings.some(({ code }) => code === 'competing_case') === true)
  const [record] = records
  if (record === undefined) await event(desk, officer, ticketId, 'reject', { code: 'BUKAN_PESERTA' })
  else if (record.status === 'deceased') await event(desk, officer, ticketId, 'reject', { code: 'BUKAN_PEMILIK' })
  else if (record.activeAccounts === 0) await event(desk, officer, ticketId, 'reject', { code: 'DATA_TIDAK_LENGKAP' })
  else if (record.activeAccounts > 1)
    await (atBranch ? event(desk, officer, ticketId, 'reject', { code: 'DATA_TIDAK_LENGKAP' }) : refer('DATA_GANDA'))
  else if (competes && !atBranch) {
    // Two people say they are the same one: only who brings the original KTP is believed.
    did(deeds, 'competing')
    await refer('RISIKO_TINGGI')
  } else if (differs('NAMA_COCOK') && !atBranch) {
    await event(desk, officer, ticketId, 'correction.request', { reason: 'NAMA_BERBEDA' })
    waits(ticketId, 'answer')
  } else if (differs('TANGGAL_LAHIR_COCOK') && !atBranch) {
    await mismatch(desk, officer, ticketId)
    waits(ticketId, 'visit')
  } else if (!atBranch && dice.int(1, 10) === 1 && (await documentsOf(officer, ticketId)) === 0) {
    await event(desk, officer, ticketId, 'documents.request', { documents: [{ kind: 'KTP', reason: 'DIPERLUKAN' }] })
    waits(ticketId, 'answer')
  } else {
    const checklist = items.filter((it) => it.required).map(({ item }) => ({ item, matched: true }))
    await event(desk, officer, ticketId, 'identity.verify', { verdict: 'matched', checklist })
    const proposed = await sent(desk, officer, ticketId, 'approval.propose')
    if (proposed.code === 'BRANCH_REQUIRED') await refer('RISIKO_TINGGI')
    else expected(proposed, 200, 'proposal')
  }
  did(deeds, 'handled')
  await world.settle()
}

const documentsOf = async (officer: Officer, ticketId: string): Promise<number> =>
  ((await read(officer, `/v1/tickets/${ticketId}/documents`))['items'] as readonly unknown[]).length

async function mismatch({ deeds }: Desk, officer: Officer, ticketId: string): Promise<void> {
  const { etag } = await readAnswer(officer, `/v1/tickets/${ticketId}`)
  const body = { officeId: BRANCH, differing: ['TANGGAL_LAHIR_COCOK'] }
  const headers = { 'if-match': etag ?? '' }
  expected(await officer.send('POST', `/v1/tickets/${ticketId}/mismatch`, { body, headers }), 200, 'mismatch')
  // Nobody at this desk can go on with it.
  expected(await officer.send('POST', `/v1/tickets/${ticketId}/release`, { body: {} }), 200, 'release')
  did(deeds, 'mismatch')
}

/** The second pair of eyes. False when nothing waited for it. */
export async function checkerTurn(desk: Desk, officer: Officer): Promise<boolean> {
  const ticketId = await next(desk, officer)
  if (ticketId === null) return false
  await checks(desk, officer, ticketId)
  return true
}

export async function checks(desk: Desk, officer: Officer, ticketId: string): Promise<void> {
  await read(officer, `/v1/tickets/${ticketId}/comparison`)
  if (desk.dice.int(1, 25) === 1) await event(desk, officer, ticketId, 'approval.return', { reason: 'BUKTI_KURANG' })
  else {
    await event(desk, officer, ticketId, 'approval.confirm')
    await desk.world.settle()
    await desk.onApproved(ticketId, officer)
  }
  await desk.world.settle()
}

const readAnswer = async (officer: Officer, path: string): Promise<Answer> =>
  expected(await officer.send('GET', path), 200, `GET ${path}`)
const read = async (officer: Officer, path: string): Promise<Body> => (await readAnswer(officer, path)).body

/** An event on the version that stands now, whatever becomes of it. */
export async function sent(
  { deeds }: Pick<Desk, 'deeds'>,
  officer: Officer,
  ticketId: string,
  type: string,
  payload: Body = {},
): Promise<Answer> {
  const { etag } = await readAnswer(officer, `/v1/tickets/${ticketId}`)
  const headers = { 'if-match': etag ?? '' }
  const answer = await officer.send('POST', `/v1/tickets/${ticketId}/events`, { body: { type, ...payload }, headers })
  if (answer.status === 200) did(deeds, type)
  return answer
}
/** One that has to be accepted. */
export const event = async (
  desk: Pick<Desk, 'deeds'>,
  officer: Officer,
  ticketId: string,
  type: string,
  payload: Body = {},
): Promise<Answer> => expected(await sent(desk, officer, ticketId, type, payload), 200, type)
