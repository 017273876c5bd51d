import { hasRedis } from '../../support/servers.js'
import { perform, stageOf, type Scenario } from '../scenario.js'
import { until, type Service } from '../stage.js'

/** Where the process dies (inject/crash.mjs). */
const POINTS = [
  ['committed', 'after the commit, before the relay'],
  ['queued', 'after adding to the queue, before marking'],
  ['taken', 'in the handler, before it did anything'],
  ['performed', 'in the handler, after the effect, before its record'],
  ['done', 'in the handler, after all of it, before the queue knows'],
] as const

export const workerKilled: Scenario = {
  name: 'worker-killed',
  summary: 'the worker dies at five exact points between commit and effect; each ends in one effect',
  rounds: 4,
  run: (options, say) => {
    const stage = stageOf(options, {
      ...(hasRedis && options.store === 'sqlite' ? { queue: 'redis' } : {}),
      horizonMs: options.rounds * POINTS.length * 2_000,
    })
    return perform('worker-killed', stage, say, async (it) => {
      it.startLoad()
      let crashes = 0
      for (let round = 0; round < options.rounds; round++)
        for (const [point, where] of POINTS) {
          const passed = it.dice.between(2, 12)
          const service = it.next({ inject: ['crash'], env: { DRILL_CRASH: `${point}:${passed}` } })
          await died(service, where)
          crashes++
          say(`crash ${crashes}/${options.rounds * POINTS.length}: ${where}, at the ${passed}th time`)
        }
      const service = it.next()
      await service.ready()
      await it.acknowledged(20)
      return { service, did: `crashes ${crashes}` }
    })
  },
}

/** Of two processes the one that works dies; its other half is killed after it. */
async function died(service: Service, where: string): Promise<void> {
  await until(() => service.servers.some((it) => it.end !== null), `the crash ${where}`)
  const odd = service.servers.find((it) => it.end !== null && it.end.signal !== 'SIGKILL')
  if (odd !== undefined) throw new Error(`the server ended by itself:\n${odd.output}`)
  await service.kill()
}
