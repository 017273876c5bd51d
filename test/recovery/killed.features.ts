import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { openAudit } from '../../src/audit/index.js'
import { verifyAudit } from '../../src/audit/verify.js'
import { supervisor } from '../support/world.js'
import { NEW, RecoveryWorld } from './world.js'

const PROCESS = fileURLToPath(new URL('./killedProcess.ts', import.meta.url))

/** Another process on the same store, ended with `kill -9` at that stage. */
async function killedAt(world: RecoveryWorld, stage: string, tickets: readonly string[]): Promise<void> {
  const { dataDir, databaseUrl } = world.base.place
  const told = {
    dataDir,
    databaseUrl: databaseUrl ?? '',
    now: String(world.base.clock.now()),
    stage,
    tickets: tickets.join(),
  }
  const args = Object.entries(told).map(([name, value]) => `--${name}=${value}`)
  const child = spawn(process.execPath, ['--import', 'tsx', PROCESS, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'exit')
  const said: string[] = []
  child.stderr.on('data', (data: Buffer) => said.push(String(data)))
  try {
    for await (const line of createInterface({ input: child.stdout })) if (line === 'here') break
  } finally {
    child.kill('SIGKILL')
  }
  const [, signal] = (await ended) as [number | null, string | null]
  if (signal !== 'SIGKILL') throw new Error(`it ended by itself:\n${said.join('')}`)
}

/** What a process leaves behind that was killed between two of its steps, read by the next one. */
export function killedContract(stages: { readonly apply: readonly string[]; readonly merge: readonly string[] }): void {
  const audit = ({ base }: RecoveryWorld) =>
    openAudit(
      { dataDir: base.place.dataDir, auditKey: null },
      { store: base.store, clock: base.clock, random: randomBytes, logger: { info: () => undefined } },
    )
  /** Prepared by one world, broken off by a process, looked at by another world in the same place. */
  const across = async (
    stage: string,
    prepare: (world: RecoveryWorld) => Promise<readonly string[]>,
    look: (world: RecoveryWorld, tickets: readonly string[]) => Promise<void>,
  ) => {
    const before = await RecoveryWorld.open(false)
    try {
      const tickets = await prepare(before)
      await audit(before).seal()
      await before.base.leave()
      await killedAt(before, stage, tickets)
      const after = await RecoveryWorld.open(false, { place: before.base.place, start: before.base.clock.now() })
      try {
        await look(after, tickets)
        expect(await after.base.verify()).toEqual([])
        await audit(after).finish()
        const report = await verifyAudit({ store: after.base.store.audit })
        expect(report).toMatchObject({ problems: [], waiting: 0 })
        expect(report.sealed).toBeGreaterThan(0)
      } finally {
        await after.base.leave()
      }
    } finally {
      await before.base.place.dispose()
    }
  }

  describe('kill -9', () => {
    it.each(stages.apply)(
      'A45 while contacts are applied, %s: replaced exactly once',
      { timeout: 120_000 },
      (stage) => {
        let participantId = ''
        return across(
          stage,
          async (world) => {
            const approved = await world.approved()
            participantId = approved.participantId
            return [approved.ticketId]
          },
          async (world, [ticketId = '']) => {
            expect(await world.deliverer().deliver(await world.command(ticketId))).toBe('done')
            const account = (await world.account(participantId))!
            expect(account.version).toBe(2)
            expect(account.sessionsRevokedAt).not.toBeNull()
            expect(await world.parts.accounts.contactsOf(participantId)).toEqual({ accountId: account.id, ...NEW })
            expect((await world.base.row(ticketId)).state).toBe('contactUpdated')
            expect((await world.base.facts(ticketId)).filter((it) => it === 'ContactUpdated')).toHaveLength(1)
            expect(world.parts.alarms).toEqual([])
          },
        )
      },
    )

    it.each(stages.merge)('A45 while two cases are merged, %s: both or neither', { timeout: 120_000 }, (stage) =>
      across(
        stage,
        async (world) => {
          const [into, from] = [
            (await world.ticketIn('underVerification')).ticketId,
            (await world.ticketIn('submitted')).ticketId,
          ]
          await world.base.store.intake.people.linkCompeting(into, from, 1)
          return [into, from]
        },
        async (world, [into = '', from = '']) => {
          const isMerged = (await world.base.row(from)).state === 'merged'
          const count = async () => (await world.base.facts(into)).filter((it) => it === 'TicketAbsorbed').length
          expect(await count()).toBe(isMerged ? 1 : 0)
          if (stage === 'before commitTogether') expect(isMerged).toBe(false)
          if (stage === 'after commitTogether') expect(isMerged).toBe(true)
          // Whoever asks again gets the first answer, or does it now: once in any case.
          const versions = {
            intoVersion: (await world.base.row(into)).contentVersion,
            fromVersion: (await world.base.row(from)).contentVersion,
          }
          const order = { intoId: into, fromId: from, actor: supervisor, key: 'merge-killed', fingerprint: 'f' }
          expect(await world.recovery.merging.merge({ ...order, ...versions })).toMatchObject({ replayed: isMerged })
          expect((await world.base.row(from)).state).toBe('merged')
          expect(await count()).toBe(1)
        },
      ),
    )
  })
}
