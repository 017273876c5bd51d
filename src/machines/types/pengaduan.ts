import type { AnyMachineSnapshot } from 'xstate'
import type { TicketType } from '../ticketType.js'
import { pengaduanColumns, type PengaduanContext } from '../pengaduan/context.js'
import { Filing, internalEvents, publicEvents } from '../pengaduan/events.js'
import { conditions, groups, refusals, states, targets } from '../pengaduan/labels.js'
import { pengaduanMachine, pengaduanMachineOf } from '../pengaduan/machine.js'
import { leafOf } from '../snapshots.js'

/** What all versions share. */
const common: Omit<TicketType, 'version' | 'machine'> = {
  type: 'pengaduan',
  label: { id: 'Pengaduan pengaturan ulang kontak', en: 'Reset of lost contacts' },
  filing: Filing,
  filingEvent: 'submit',
  publicEvents,
  internalEvents,
  targets,
  deadlines: {
    draft: { expire: 'draft.expire' },
    release: { open: 'release.open' },
    noReply: { remind1: 'noReply.remind', remind2: 'noReply.remind', expire: 'noReply.expire' },
    referral: { remind1: 'referral.remind', remind2: 'referral.remind', expire: 'referral.expire' },
    hold: { end: 'hold.end' },
  },
  gates: ['release'],
  promiseMoved: { template: 'promise.moved', audience: 'participant' },
  states,
  groups,
  refusals,
  conditions,
  needsBranch: (event, payload) =>
    event === 'branch.refer' || (event === 'submit' && payload['route'] === 'kantor_cabang'),
  input: (filing) => filing,
  columns: (context) => pengaduanColumns(context as PengaduanContext),
  stateOf: (snapshot: AnyMachineSnapshot) => leafOf(snapshot, 'handling'),
  upcasts: {},
}

/** The reset of a JMO account's lost contacts. */
export const ticketType: TicketType = {
  ...common,
  version: 2,
  machine: pengaduanMachine,
  earlier: { 1: { ...common, version: 1, machine: pengaduanMachineOf(1) } },
  // The same states and context; new are only an event to other systems and who may judge.
  upcasts: { 1: (persisted) => persisted },
}
