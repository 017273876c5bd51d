import { createSecretKey, randomBytes } from 'node:crypto'
import {
  embeddedAccounts,
  embeddedDirectory,
  seedDirectory,
  startReferenceServer,
  syntheticPeople,
  SYNTHETIC_SEED,
} from '../../src/directory/index.js'
import type { Kind } from '../../src/directory/index.js'
import type { MatchRow } from '../../db/intake/people.js'
import type { Store } from '../../db/index.js'
import { digestToken } from '../../src/config.js'
import { httpAccounts } from '../../src/ports/accounts.http.js'
import type { AccountService } from '../../src/ports/accounts.js'
import { httpDirectory } from '../../src/ports/directory.http.js'
import type { Answer, EffectSink, Outgoing } from '../../src/ports/sink.js'
import { createPeople, createVault, localKeyring, openKeyFile, type People } from '../../src/privacy/index.js'
import { openRecovery, type Recovery, type RecoveryParts } from '../../src/recovery/index.js'
import type { Alarm } from '../../src/recovery/watch.js'
import { createDeliverer, type Deliverer } from '../../src/workers/deliver.js'
import { MORNING, World, type WorldOptions } from '../support/world.js'

const TOKEN = 'sesame-sesame-sesame'
const SIZE = 60
export const NEW = { email: 'baru@example.org', phone: '+6284011112222' }
const people = syntheticPeople(SYNTHETIC_SEED, SIZE, MORNING)
export const somebody = (kind: Kind) => people.find((it) => it.kind === kind)!.participant

/** What tests change on the way. */
interface Changing {
  /** Whose authority is gone. */
  readonly revoked: Set<string>
  readonly alarms: Alarm[]
}

/** The real engine with personal data, the embedded directory and account service, and the delivery of outbox rows. */
export class RecoveryWorld {
  readonly apply: (outgoing: Outgoing) => Promise<Answer>
  readonly recovery: Recovery
  /** What was answered to each command, in order. */
  readonly answers: Answer[] = []
  private constructor(
    readonly base: World,
    readonly people: People,
    readonly parts: RecoveryParts & Changing,
    readonly stopServer: () => Promise<void>,
  ) {
    this.recovery = openRecovery(parts)
    this.apply = (outgoing) => this.recovery.apply(outgoing)
  }
  /** `overHttp`: directory and account service behind the reference server, asked by the adapters. */
  static async open(overHttp: boolean, options: WorldOptions = {}): Promise<RecoveryWorld> {
    const base = await World.open(options)
    const { store, clock, place } = base
    const keyring = localKeyring(openKeyFile(place.dataDir, randomBytes), randomBytes)
    const vault = createVault({ keyring, keys: store.intake.keys, clock, random: randomBytes })
    const directory = { store: store.intake.directory, vault, clock }
    await seedDirectory(directory, { size: SIZE })
    const persons = createPeople({ vault, store: store.intake.people, clock })
    const embedded = { directory: embeddedDirectory(directory), accounts: embeddedAccounts(directory) }
    const server = overHttp ? await startReferenceServer({ ...embedded, tokenSha256: digestToken(TOKEN) }) : null
    const config = { url: server?.url ?? '', token: createSecretKey(Buffer.from(TOKEN)) }
    const outside = overHttp ? { directory: httpDirectory(config), accounts: httpAccounts(config) } : embedded
    const revoked = new Set<string>()
    const alarms: Alarm[] = []
    const parts = {
      ...{ store, engine: base.engine, vault, people: persons, clock, ...outside, revoked, alarms },
      limits: { approvalsPerPairDay: 2, reviewPercent: 100 },
      authority: { holds: (actorId: string) => Promise.resolve(!revoked.has(actorId)) },
      watch: {
        alarm: (alarm: Alarm) => {
          alarms.push(alarm)
          return Promise.resolve()
        },
      },
    }
    return new RecoveryWorld(base, persons, parts, () => server?.close() ?? Promise.resolve())
  }
  async close(): Promise<void> {
    await this.stopServer()
    await this.base.close()
  }

  /** A ticket at the moment of applying, filed by somebody of this kind, with both contacts proven and the person found, unless `found` says otherwise. */
  async approved(
    kind: Kind = 'plain',
    found: Partial<MatchRow> = {},
  ): Promise<{ ticketId: string; participantId: string }> {
    return this.ticketIn('applying', kind, found)
  }
  /** The same in another state of the straight way. */
  async ticketIn(
    state: string,
    kind: Kind = 'plain',
    found: Partial<MatchRow> = {},
    filing: Record<string, unknown> = {},
  ): Promise<{ ticketId: string; participantId: string }> {
    const { nik, name, birthDate, id: participantId } = somebody(kind)
    const { store, clock } = this.base
    const ticketId = await this.base.ticketIn(state, filing, async (filed) => {
      await this.people.add(filed, {
        ...{ identity: { nik, name, birthDate, kpj: null }, ...NEW, found: [] },
        ...{ noticeVersion: '1', purpose: 'account_recovery', legalBasis: 'consent' },
      })
      for (const channel of ['email', 'phone'] as const)
        await store.intake.people.markProven(filed, channel, 1, clock.now())
      const match = { outcome: 'found', participantId, findings: {}, matchedAt: clock.now() } as const
      await store.intake.people.saveMatch({ ticketId: filed, identityVersion: 1, ...match, ...found })
    })
    return { ticketId, participantId }
  }
  /** What the database still lets happen to a contact after the approval. */
  withdrawProof(ticketId: string, channel: 'email' | 'phone'): Promise<void> {
    const gone = 'UPDATE contacts SET proven_generation = NULL, proven_at = NULL'
    return this.base.sql(`${gone} WHERE ticket_id = $1 AND channel = $2`, [ticketId, channel])
  }

  async command(ticketId: string) {
    const rows = await this.base.store.outboxOf(ticketId)
    return rows.findLast((row) => row.kind === 'port' && row.body['port'] === 'account')!
  }
  /** The same as the outbox hands out. */
  async outgoing(ticketId: string): Promise<Outgoing> {
    const { seq, kind, body } = await this.command(ticketId)
    return { id: `${ticketId}-${seq}`, ticketId, kind, body }
  }
  /** A process that delivers; several may at the same time. */
  deliverer(accounts: AccountService = this.parts.accounts, store: Store = this.base.store): Deliverer {
    const { apply } = openRecovery({ ...this.parts, accounts })
    const sink: EffectSink = {
      recordAs: () => null,
      deliver: async (outgoing) => {
        const answer = await apply(outgoing)
        this.answers.push(answer)
        return answer
      },
    }
    const { engine, clock } = this.base
    return createDeliverer({ engine, clock, store }, sink, 12)
  }
  account = async (participantId: string) =>
    (await this.base.store.intake.directory.dirAccountsOf(participantId)).find((it) => it.state === 'active')
}
