/**
 * Akun ganda: the directory shows more than one active account for one person (D11, D33). The finding files a ticket by itself; an officer
 * says which account is deactivated, or that all stay; for some days that can be taken back, then the ticket closes.
 */
// prettier-ignore
import {
  businessDays, businessMinutes, currentDeadline, effectActions, internalEvent, leafOf, message, NoPayload, OfficeId, onTimer, OpaqueRef,
  publicEvent, ReasonCode, setup, slaEvents, slaRegion, ticketSteps, timedStart, TimerPayload, wallDays, z,
  type ClockEvent, type EventOf, type FilingInput, type Policy, type Role, type Story, type Tag, type TicketType, type Timed,
} from '../author.js'

const AccountId = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/)
const Filing = z.strictObject({
  route: z.literal('layanan_digital').default('layanan_digital'),
  officeId: OfficeId.default('pusat'),
  participantRef: OpaqueRef,
  /** The institution's own ids of the accounts that are active at once. */
  accounts: z.array(AccountId).min(2).max(10),
})

const DECIDER: readonly Role[] = ['checker', 'supervisor']
const reason = z.strictObject({ reason: ReasonCode })

// prettier-ignore
const publicEvents = {
  submit: publicEvent(NoPayload, ['supervisor'], 'SeveralAccountsFound', { id: 'Ajukan temuan', en: 'File the finding' }, { version: false }),
  'account.deactivate': publicEvent(z.strictObject({ account: AccountId }), DECIDER, 'DeactivationConfirmed', { id: 'Nonaktifkan akun ini', en: 'Deactivate this account' }),
  dismiss: publicEvent(reason, DECIDER, 'FindingDismissed', { id: 'Biarkan semua akun aktif', en: 'Let all accounts stay' }),
  revert: publicEvent(reason, ['supervisor'], 'DeactivationReverted', { id: 'Aktifkan kembali', en: 'Activate it again' }),
}
// prettier-ignore
const internalEvents = {
  ...slaEvents,
  'account.deactivated': internalEvent(NoPayload, 'AccountDeactivated', 'Akun dinonaktifkan', 'Account deactivated', true),
  'account.reactivated': internalEvent(NoPayload, 'AccountReactivated', 'Akun diaktifkan kembali', 'Account activated again', true),
  'account.refused': internalEvent(z.strictObject({ code: ReasonCode }), 'AccountRefused', 'Ditolak sistem akun', 'Refused by the account system', true),
  'reversal.close': internalEvent(TimerPayload, 'ReversalEnded', 'Masa pembatalan berakhir', 'Time to take it back is over'),
}
type Event = EventOf<typeof publicEvents & typeof internalEvents>

interface Context extends Timed {
  readonly participantRef: string
  readonly accounts: readonly string[]
  /** The one that is, or is to be, deactivated. */
  readonly account: string | null
  readonly decider: string | null
  readonly closedAt: number | null
  readonly rules: { readonly targets: Readonly<Record<string, readonly string[]>> }
}

function start({ filing, policy }: FilingInput): Context {
  const { route, officeId, participantRef, accounts } = Filing.parse(filing)
  return {
    ...timedStart(policy, { route, officeId }),
    participantRef,
    accounts,
    account: null,
    decider: null,
    closedAt: null,
  }
}

type Args = { context: Context; event: Event | ClockEvent }
const guards = {
  currentDeadline,
  /** An account of this finding; a payload that is not known yet may name one. */
  ofFinding: ({ context, event }: Args) => {
    const account = event.type === 'account.deactivate' ? (event.account as string | undefined) : undefined
    return account === undefined || context.accounts.includes(account)
  },
}

const types = { context: {} as Context, events: {} as Event | ClockEvent, input: {} as FilingInput, tags: {} as Tag }
const base = setup({ types, guards, actions: effectActions })
const { set, clocks, arm, disarm } = ticketSteps<Context, Event>()

const call = (operation: string, replyEvent: string) => ({
  type: 'port.call' as const,
  params: ({ context }: { context: Context }) => ({
    ...{ port: 'account', operation, replyEvent, refusalEvent: 'account.refused' },
    data: { cycle: context.cycle, participantRef: context.participantRef, account: context.account },
  }),
})
const decide = set(({ event }) =>
  event.type === 'account.deactivate' ? { account: event.account, decider: event.actor.id } : {},
)
const close = [set(({ event }) => ({ closedAt: event.at, pauseCauses: [] })), clocks('clocks.closed')]
const open = ['open' as const, 'waitingOnUs' as const]

const machine = base.createMachine({
  id: 'akunGanda',
  type: 'parallel',
  context: ({ input }) => start(input),
  states: {
    handling: {
      initial: 'draft',
      states: {
        draft: {
          tags: open,
          on: { submit: { target: 'found', actions: [clocks('clocks.start'), message('accounts.several', 'staff')] } },
        },
        found: {
          tags: open,
          on: {
            'account.deactivate': {
              guard: 'ofFinding',
              target: 'deactivating',
              actions: [decide, clocks('clocks.decided')],
            },
            dismiss: { target: 'dismissed', actions: clocks('clocks.decided') },
          },
        },
        deactivating: {
          tags: open,
          entry: call('deactivate', 'account.deactivated'),
          on: {
            'account.deactivated': 'reversible',
            // Another cycle of the promise: somebody decides again.
            'account.refused': {
              target: 'found',
              actions: [
                set(({ context }) => ({ cycle: context.cycle + 1, late: [], account: null, decider: null })),
                clocks('clocks.start'),
                message('accounts.refused', 'staff'),
              ],
            },
          },
        },
        reversible: {
          tags: ['open', 'waitingOnParticipant'],
          entry: [arm('reversal')],
          exit: [disarm('reversal')],
          on: {
            revert: 'reactivating',
            'reversal.close': onTimer('reversal', { target: 'settled' }),
          },
        },
        reactivating: {
          tags: open,
          entry: call('reactivate', 'account.reactivated'),
          on: {
            'account.reactivated': 'reverted',
            'account.refused': { target: 'reversible', actions: message('accounts.refused', 'staff') },
          },
        },
        settled: { tags: ['terminal'], entry: close },
        reverted: { tags: ['terminal'], entry: close },
        dismissed: { tags: ['terminal'], entry: close },
      },
    },
    decision: slaRegion({
      target: 'decision',
      start: 'clocks.start',
      settle: ['clocks.decided'],
      pausable: false,
    }) as never,
  },
})

const policy: Policy = {
  id: 'akun-ganda',
  version: 1,
  ticketType: 'akun_ganda',
  provenance:
    'Satu akun JMO aktif per NIK, akun kedua dapat dinonaktifkan otomatis: artikel publik. Keputusan oleh petugas dan dapat dibatalkan 14 hari: usulan produk (D11), bukan ketentuan resmi.',
  routes: {
    layanan_digital: {
      targets: {
        decision: {
          counting: 'deemed',
          within: businessDays(3),
          warnings: [80],
          ladder: [{ level: 1, after: businessMinutes(60), audience: 'supervisor' }],
        },
      },
    },
  },
  deadlines: { reversal: { standard: { close: wallDays(14) } } },
  limits: {},
}

const filing = { participantRef: 'ps_contoh-ganda', accounts: ['akun-satu', 'akun-dua'] }
const second = { account: 'akun-dua' }
const because = { reason: 'PERMINTAAN_PESERTA' }
// prettier-ignore
const stories: readonly Story[] = [
  { name: { id: 'Akun kedua dinonaktifkan', en: 'The second account is deactivated' }, by: 'supervisor', filing, ends: 'settled',
    steps: [[businessMinutes(90), 'checker', 'account.deactivate', second]] },
  { name: { id: 'Dinonaktifkan, lalu dibatalkan', en: 'Deactivated and taken back' }, by: 'supervisor', filing, ends: 'reverted',
    steps: [[businessMinutes(90), 'checker', 'account.deactivate', second], [wallDays(3), 'supervisor', 'revert', because]] },
  { name: { id: 'Semua akun tetap aktif', en: 'All accounts stay' }, by: 'supervisor', filing, ends: 'dismissed',
    steps: [[businessDays(5), 'supervisor', 'dismiss', because]] },
]

export const ticketType: TicketType = {
  type: 'akun_ganda',
  version: 1,
  label: { id: 'Akun ganda', en: 'Several accounts of one person' },
  ...{ machine, filing: Filing, filingEvent: 'submit', publicEvents, internalEvents },
  targets: { decision: { id: 'Keputusan akun ganda', en: 'Decision' } },
  deadlines: { reversal: { close: 'reversal.close' } },
  states: {
    draft: { id: 'Draf', en: 'Draft' },
    found: { id: 'Menunggu keputusan petugas', en: 'Waiting for a decision' },
    deactivating: { id: 'Akun sedang dinonaktifkan', en: 'The account is being deactivated' },
    reversible: { id: 'Dinonaktifkan, masih dapat dibatalkan', en: 'Deactivated, can be taken back' },
    reactivating: { id: 'Akun sedang diaktifkan kembali', en: 'The account is being activated again' },
    settled: { id: 'Selesai', en: 'Settled' },
    reverted: { id: 'Diaktifkan kembali', en: 'Activated again' },
    dismissed: { id: 'Semua akun tetap aktif', en: 'All accounts stay' },
  },
  refusals: {
    currentDeadline: { id: 'Pengatur waktu sudah tidak berlaku.', en: 'This timer is stale.' },
    ofFinding: { id: 'Akun ini bukan bagian dari temuan.', en: 'This account is not part of the finding.' },
  },
  conditions: {
    currentDeadline: { id: 'pengatur waktunya masih berlaku', en: 'the timer still stands' },
    ofFinding: { id: 'akun itu bagian dari temuan', en: 'the account is part of the finding' },
  },
  columns: (context) => {
    const { route, officeId, participantRef, closedAt, decider } = context as Context
    const filed = { route, category: 'akun_ganda', cause: null, officeId, participantRef }
    return { ...filed, priority: 0, releasedAt: null, closedAt, makerId: decider, checkerId: null }
  },
  input: (given) => given,
  stateOf: (snapshot) => leafOf(snapshot, 'handling'),
  samples: { 'account.deactivate': [second] },
  ...{ policies: [policy], stories, upcasts: {} },
}
