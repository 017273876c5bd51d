import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rejectAll } from '../clients.js'
import { readTickets } from '../evidence.js'
import { perform, stageOf, type Scenario } from '../scenario.js'
import type { Count, Stage } from '../stage.js'
import { weekendFaults } from '../weekend.js'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** The machine's clock, as inject/clock.mjs reads it. */
class MachineClock {
  readonly #stage: Stage
  readonly #file: string
  constructor(stage: Stage) {
    this.#stage = stage
    this.#file = join(stage.folder, 'clock')
  }
  /** How a server is started so that it goes by this clock. */
  get injected() {
    return { inject: ['clock'], env: { DRILL_CLOCK: this.#file } }
  }
  set(offsetMs: number): void {
    writeFileSync(this.#file, String(offsetMs))
    this.#stage.offsetMs = offsetMs
  }
}

export const clockHour: Scenario = {
  name: 'clock-hour',
  summary: 'the clock of the machine jumps an hour forward and back while it works',
  rounds: 3,
  run: (options, say) =>
    perform('clock-hour', stageOf(options, { horizonMs: options.rounds * 8_000 }), say, async (stage) => {
      const clock = new MachineClock(stage)
      clock.set(0)
      const service = stage.next(clock.injected)
      await service.ready()
      stage.startLoad()
      await stage.acknowledged(30)
      let jumps = 0
      const jumpTo = async (offsetMs: number) => {
        clock.set(offsetMs)
        for (const server of service.servers) server.signal('SIGUSR2')
        jumps++
        say(`clock ${offsetMs / HOUR} h off`)
        await stage.acknowledged(30)
      }
      for (let round = 0; round < options.rounds; round++) for (const hours of [1, 0, -1, 0]) await jumpTo(hours * HOUR)
      return { service, did: `jumps ${jumps}` }
    }),
}

/** Friday 5 June 2026, 17:10 in Jakarta: the offices have just closed. */
const FRIDAY = Date.UTC(2026, 5, 5, 10, 10)
const OUTAGE_MS = 3 * DAY

export const outage: Scenario = {
  name: 'outage-three-days',
  summary:
    'gone from Friday evening to Monday evening: each timer once, in due order, verdicts by the events’ own time',
  rounds: 1,
  run: (options, say) => {
    const offsetMs = FRIDAY - Date.now()
    const stage = { ...stageOf(options, { horizonMs: OUTAGE_MS }), kinds: 'weekend' as const, offsetMs }
    return perform('outage-three-days', stage, say, async (it) => {
      const clock = new MachineClock(it)
      clock.set(offsetMs)
      const before = it.next(clock.injected)
      await before.ready()
      it.startLoad()
      await it.acknowledged(options.rounds * 250)
      await it.stopLoad()
      await it.kill(before)
      clock.set(offsetMs + OUTAGE_MS)
      const backAt = it.now()
      const service = it.next(clock.injected)
      await service.ready()
      // Some of these were due on Monday at closing, ten minutes ago.
      const lying = (await readTickets(it.place)).filter(({ row }) => row.state === 'underVerification')
      const { url, dice, notebook } = it
      const known = lying.slice(0, 40).map(({ row }) => ({ id: row.id, version: row.contentVersion }))
      await rejectAll({ url, dice, notebook, clients: 1 }, known)
      it.startLoad()
      await it.acknowledged(100)
      return {
        service,
        did: 'outages 1 of 3 days',
        check: ({ records }: Count) => weekendFaults(records, backAt - OUTAGE_MS, backAt, say),
      }
    })
  },
}
