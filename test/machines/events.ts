import type { Actor, TicketEvent } from '../../src/machines/ticketType.js'
import type { PengaduanContext } from '../../src/machines/pengaduan/context.js'

/** The people of the exploration. `c` sits at both desks: an agent today, a checker tomorrow. */
export const portal: Actor = { id: 'portal', role: 'portal' }
export const agentA: Actor = { id: 'a', role: 'agent' }
export const agentC: Actor = { id: 'c', role: 'agent' }
export const checkerA: Actor = { id: 'a', role: 'checker' }
export const checkerC: Actor = { id: 'c', role: 'checker' }
export const checkerD: Actor = { id: 'd', role: 'checker' }
export const supervisor: Actor = { id: 's', role: 'supervisor' }
export const system: Actor = { id: 'system', role: 'system' }

/** The one instant of the exploration, and one that lies after every reopen window. */
export const NOW = Date.parse('2026-01-05T03:00:00Z')
export const LATE = NOW + 31 * 86_400_000

type Payload = Readonly<Record<string, unknown>>
const event = (type: string, actor: Actor, payload: Payload = {}, at = NOW): TicketEvent => ({
  ...payload,
  type,
  at,
  actor,
})
const upload = (kind: string, actor: Actor) =>
  event('documents.upload', actor, {
    documents: [{ kind, ref: `doc_berkas-${kind.replaceAll('_', '-')}`, sha256: 'a'.repeat(64) }],
  })
const request = (kind: string) => event('documents.request', agentA, { documents: [{ kind, reason: 'KURANG_JELAS' }] })
const because = { reason: 'ALASAN' }
const check = (verdict: string) => ({ verdict, checklist: [{ item: 'KTP_COCOK', matched: verdict === 'matched' }] })

/** Everything people and outside systems can send, by name. Where no guard looks at the actor, one person stands for all. */
export const EVENTS: Readonly<Record<string, TicketEvent>> = {
  submit: event('submit', portal),
  'prove email': event('contact.prove', portal, { channel: 'email' }),
  'prove phone': event('contact.prove', portal, { channel: 'phone' }),
  'change email': event('contact.change', portal, { channel: 'email' }),
  'change phone': event('contact.change', portal, { channel: 'phone' }),
  'upload KTP': upload('KTP', portal),
  'upload SLIP_GAJI': upload('SLIP_GAJI', portal),
  'upload KTP by c': upload('KTP', agentC),
  'correction.submit': event('correction.submit', portal),
  withdraw: event('withdraw', portal, because),
  'objection.raise': event('objection.raise', portal),
  reopen: event('reopen', portal),
  'reopen too late': event('reopen', portal, {}, LATE),
  'verification.start': event('verification.start', agentA),
  'release.override': event('release.override', supervisor, because),
  'request KTP': request('KTP'),
  'request SLIP_GAJI': request('SLIP_GAJI'),
  'documents.waive': event('documents.waive', agentA, because),
  'correction.request': event('correction.request', agentA, because),
  'identity matched': event('identity.verify', agentA, check('matched')),
  'identity mismatched': event('identity.verify', agentA, check('mismatched')),
  'branch.refer': event('branch.refer', agentA, { officeId: 'cabang-makassar', ...because }),
  'branch.arrive': event('branch.arrive', agentC),
  'branch.arrive (referrer)': event('branch.arrive', agentA),
  'branch.cancel': event('branch.cancel', agentA, because),
  'office.transfer': event('office.transfer', supervisor, { officeId: 'cabang-jayapura', ...because }),
  'promise.extend': event('promise.extend', agentA, { flag: 'perbedaan_identitas' }),
  'risk.elevate': event('risk.elevate', agentA, because),
  'propose by a': event('approval.propose', agentA),
  'propose by c': event('approval.propose', checkerC),
  'retract by a': event('approval.retract', agentA),
  'retract by c': event('approval.retract', checkerC),
  'return by c': event('approval.return', checkerC, because),
  'return by d': event('approval.return', checkerD, because),
  'confirm by a': event('approval.confirm', checkerA),
  'confirm by c': event('approval.confirm', checkerC),
  'confirm by d': event('approval.confirm', checkerD),
  'reject by a': event('reject', agentA, { code: 'BUKAN_PEMILIK' }),
  'reject by d': event('reject', checkerD, { code: 'BUKAN_PEMILIK' }),
  'objection.dismiss': event('objection.dismiss', supervisor, because),
  'objection.uphold': event('objection.uphold', supervisor, because),
  'contacts.applied': event('contacts.applied', system),
  'contacts.refused': event('contacts.refused', system, { code: 'PESERTA_TIDAK_DITEMUKAN' }),
  'documents.revoke': event('documents.revoke', system, { documents: [{ kind: 'KTP', reason: 'TERINFEKSI' }] }),
  'risk.record': event('risk.record', system, { codes: ['competing_case'] }),
  'merge.record': event('merge.record', system, { into: 'ticket-2' }),
  'merge.absorb': event('merge.absorb', system, { from: 'ticket-2' }),
  'approval.void': event('approval.void', system, { code: 'APPROVAL_CHANGED' }),
  'erasure.record': event('erasure.record', system),
}

const DEADLINES: Readonly<Record<string, readonly string[]>> = {
  draft: ['draft.expire'],
  release: ['release.open'],
  noReply: ['noReply.remind', 'noReply.expire'],
  referral: ['referral.remind', 'referral.expire'],
  hold: ['hold.end'],
}
const SLA_EVENTS = { 'sla.warn': 'warn50', 'sla.due': 'due', 'sla.escalate': 'ladder1' } as const

/** Every timer that could ring in this context (each of the current generation), and one stale one of each family. */
export function timerEvents(context: PengaduanContext): readonly Named[] {
  const found: Named[] = []
  const stale = context.generation + 1
  for (const { family, ring, late } of TIMERS) {
    const generation = context.armed[family]
    if (generation !== undefined) found.push(ring(generation))
    found.push(late(stale))
  }
  return found
}
type Named = readonly [name: string, event: TicketEvent]

/** The same number is the same event: there are millions of them in an exploration. */
function numbered(name: string, type: string, payload: Payload): (generation: number) => Named {
  const made: Named[] = []
  return (generation) => (made[generation] ??= [name, event(type, system, { ...payload, generation })])
}
const timer = (family: string, type: string, name = type, payload: Payload = {}) => ({
  family,
  ring: numbered(name, type, payload),
  late: numbered(`${name} (stale)`, type, payload),
})
const TIMERS = [
  ...Object.entries(DEADLINES).flatMap(([family, types]) => types.map((type) => timer(family, type))),
  ...['firstReview', 'resolution', 'objectionReview'].flatMap((target) =>
    Object.entries(SLA_EVENTS).map(([type, threshold]) =>
      timer(`sla:${target}`, type, `${type} ${target}`, { target, threshold }),
    ),
  ),
]

export const isParticipants = (event: TicketEvent): boolean => event.actor.role === 'portal'
export const isTimer = (event: TicketEvent): boolean => 'generation' in event

/** Where a ticket starts. */
export interface Start {
  readonly name: string
  readonly filer: Actor
  readonly filing: Readonly<Record<string, unknown>>
}
const atDesk = { channel: 'walk_in', officeId: 'cabang-makassar' }
const filing = (route: string) => ({
  route,
  cause: 'HP_GANTI',
  participantRef: 'ps_abcdef',
  declaration: true,
  ...(route === 'kantor_cabang' ? atDesk : {}),
})
export const STARTS: readonly Start[] = [
  { name: 'digital, filed by the portal', filer: portal, filing: filing('layanan_digital') },
  { name: 'digital, typed by agent a', filer: agentA, filing: filing('layanan_digital') },
  { name: 'branch, filed at the desk by agent a', filer: agentA, filing: filing('kantor_cabang') },
  { name: 'branch, filed by the portal', filer: portal, filing: filing('kantor_cabang') },
  { name: 'app, filed by the portal', filer: portal, filing: filing('aplikasi') },
]
