import { pause } from '../random.js'
import { perform, stageOf, type DrillOptions, type Played, type Scenario } from '../scenario.js'
import type { Service, Stage } from '../stage.js'
import type { Server } from '../server.js'

/** About what a round takes: start, life and death. */
const ROUND_MS = 2_500

export const kills: Scenario = {
  name: 'kills',
  summary: 'kill -9 of a loaded server, again and again, one time in five during its start',
  rounds: 20,
  run: (options, say) => {
    const stage = stageOf(options, { horizonMs: Math.max(10_000, options.rounds * ROUND_MS) })
    return perform('kills', stage, say, (it) => killOften(it, options))
  },
}

async function killOften(stage: Stage, { rounds, flush, processes }: DrillOptions): Promise<Played> {
  const { dice, notebook, say } = stage
  const done = { kills: 0, duringStart: 0, flushes: 0 }
  stage.startLoad()
  let service: Service | null = null
  while (done.kills < rounds) {
    const startedAt = Date.now()
    service ??= stage.next()
    const duringStart = dice.chance(0.2)
    const wait = dice.between(50, duringStart ? 1_000 : 1_500)
    const flushAfter = dice.between(0, wait)
    if (!duringStart) await service.ready()
    const readyMs = Date.now() - startedAt
    await pause(flush ? flushAfter : wait)
    if (flush) {
      await stage.queue.flush()
      done.flushes++
      await pause(wait - flushAfter)
    }
    // Of two processes either dies alone as often as both together.
    const { servers }: { servers: readonly Server[] } = service
    const victims: readonly Server[] =
      processes === 'serve' ? servers : dice.pick([servers, ...servers.map((it) => [it])].map((it) => [1, it] as const))
    await stage.kill(service, victims)
    service = victims.length === servers.length ? null : stage.again(service, victims[0]!)
    done.kills++
    if (duringStart) done.duringStart++
    const when = duringStart ? `${wait} ms into its start` : `${wait} ms after it was ready (start ${readyMs} ms)`
    say(`kill ${done.kills}/${rounds}: ${when}; acknowledged so far ${notebook.acknowledged.length}`)
  }
  service ??= stage.next()
  await service.ready()
  await stage.stopLoad()
  const faults = notebook.retried.size === 0 ? ['no command was cut off by a kill'] : []
  say(`kills during start-up ${done.duringStart}, queue flushed ${done.flushes} times`)
  return { service, did: `kills ${done.kills}`, faults }
}
