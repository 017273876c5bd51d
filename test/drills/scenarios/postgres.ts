import { hasPostgres } from '../../support/postgres.js'
import { perform, stageOf, type Scenario } from '../scenario.js'

export const postgresRestart: Scenario = {
  name: 'postgres-restart',
  summary: 'PostgreSQL restarted at once (-m immediate) and killed with -9 under load: 503, then everything goes on',
  rounds: 4,
  cannot: ({ store }) => {
    if (!hasPostgres) return 'PostgreSQL is not installed'
    return store === 'postgres' ? null : 'it needs --store postgres'
  },
  run: (options, say) => {
    const stage = stageOf(options, { horizonMs: options.rounds * 8_000 })
    return perform('postgres-restart', stage, say, async (it) => {
      const service = it.next()
      await service.ready()
      it.startLoad()
      for (let round = 0; round < options.rounds; round++) {
        await it.acknowledged(it.dice.between(20, 80))
        await it.postgres!.restart(round % 2 === 0 ? 'SIGQUIT' : 'SIGKILL')
        say(`restart ${round + 1}/${options.rounds}: ${it.notebook.retried.size} commands sent again so far`)
      }
      await it.acknowledged(20)
      const faults = it.notebook.unavailable.has('STORE_BUSY') ? [] : ['no command was turned away with STORE_BUSY']
      return { service, did: `restarts ${options.rounds}`, faults }
    })
  },
}
