import { randomBytes } from 'node:crypto'
import type { Browser } from 'playwright-core'
import { requestLimiterOf, type ApiDeps } from '../../../src/api/index.js'
import { createIds } from '../../../src/engine/index.js'
import { messageSink } from '../../../src/messages/index.js'
import { embeddedSink } from '../../../src/ports/sink.js'
import type { Services } from '../../../src/services.js'
import { createPortal } from '../../../src/web/portal/index.js'
import { createDeliverer } from '../../../src/workers/deliver.js'
import { HOUR, MONDAY_9 } from '../../api/harness.js'
import { servicesFor } from '../../support/services.js'
import { ConsoleWorld } from '../console/world.js'
import { eventually } from '../portal/person.js'

const ATTEMPTS = 12
const WEEK = 168 * HOUR
/** What mails call the place; the tests open the same address where it really is. */
const PUBLIC_URL = 'https://pulih.example'

/** Both faces on one server, on a clock that the test moves, and beside it a worker that knows the public address: it delivers what it is told to. */
export class JourneyWorld {
  private constructor(
    readonly officers: ConsoleWorld,
    readonly worker: Services,
  ) {}

  static async open(browser: Browser): Promise<JourneyWorld> {
    const officers = await ConsoleWorld.open(browser, (deps) => ({ portal: portalOf(deps) }))
    const { dataDir, deps } = officers.cases.api
    const { store, clock, engine, logger } = deps
    const ids = createIds(clock, (bytes) => crypto.getRandomValues(bytes))
    const worker = servicesFor(dataDir, { store, clock, ids, engine, logger }, { publicUrl: PUBLIC_URL })
    return new JourneyWorld(officers, worker)
  }
  async close(): Promise<void> {
    this.worker.live.close()
    this.worker.messages.close()
    await this.officers.close()
  }

  get url(): string {
    return this.officers.url
  }
  /** The newest text that went to this address by this template, as soon as it is there. */
  mailed(to: string, template: string): Promise<string> {
    const { mailbox } = this.officers.cases.api.deps.services.messages
    return eventually(async () => {
      const all = (await mailbox?.list(200)) ?? []
      return all.find((it) => it.to.endsWith(to) && it.template === template)?.text
    })
  }
  /** The link of the newest mail of this template, at the address where the pages really are. */
  async linkIn(ticketId: string, template: string, path: string): Promise<{ link: string; text: string }> {
    const all = (await this.worker.messages.mailbox?.list(200)) ?? []
    const found = all.find(
      (it) => it.ticketId === ticketId && it.template === template && it.text.includes(`${PUBLIC_URL}${path}#`),
    )
    const text = found?.text ?? ''
    const [, token = ''] = new RegExp(`${PUBLIC_URL}${path}#([\\w-]{43})`).exec(text) ?? []
    return { link: `${this.url}${path}#${token}`, text }
  }
  async ticketOf(number: string): Promise<string> {
    return (await this.officers.cases.api.store.findTicketByNumber(number))?.id ?? ''
  }
  /** To nine o'clock of the next Monday: offices are open, however long the last test had to wait. */
  nextMonday(): void {
    const { clock } = this.officers.cases.api
    const past = (clock.now() - MONDAY_9) % WEEK
    if (past > HOUR) clock.advance(WEEK - past)
  }
  /** When the hold of this ticket ends: later where something is risky, such as a card that looks like another one. */
  async holdEnds(ticketId: string): Promise<number> {
    const timers = await this.officers.cases.api.store.timersOf(ticketId)
    return timers.find((it) => it.family === 'hold' && it.state === 'pending')?.dueAt ?? Number.NaN
  }
  /** What a worker does when the clock has come to it: due timers of this ticket, then its outbox, to people and the account service. */
  async work(ticketId: string): Promise<void> {
    const { store, clock, engine } = this.officers.cases.api.deps
    for (const timer of await store.timersOf(ticketId))
      if (timer.state === 'pending' && timer.dueAt <= clock.now()) await engine.deliverTimer(timer)
    const sink = messageSink({
      messenger: this.worker.messages.messenger,
      apply: this.worker.apply,
      isOurs: () => Promise.resolve(true),
      others: embeddedSink,
    })
    const deliverer = createDeliverer({ engine, clock, store }, sink, ATTEMPTS)
    // What was delivered may lead to more: the answer of the account service does.
    for (let left = true; left;) {
      const rows = (await store.outboxOf(ticketId)).filter((it) => it.deliveredAt === null)
      for (const { seq } of rows) await deliverer.deliver({ ticketId, seq })
      left = rows.length > 0
    }
    await this.officers.cases.tasks.runDue()
  }
}

/** The portal over the parts of an API. */
export function portalOf(deps: ApiDeps) {
  const limited = { ...deps, limiter: requestLimiterOf(deps) }
  return createPortal({
    ...limited,
    config: { production: false, mailbox: true, filesOrigin: null },
    random: randomBytes,
  })
}
