import { startPostgres } from '../support/postgres.js'
import { pause } from './random.js'

/** A PostgreSQL of the drill's own, with everything on that keeps data safe. */
export interface DrillPostgres {
  readonly url: string
  /** `kill -9` to the postmaster, or what `pg_ctl restart -m immediate` does: no checkpoint, connections cut; then a start with recovery. */
  restart(signal: 'SIGKILL' | 'SIGQUIT'): Promise<void>
  stop(): Promise<void>
}

const SAFE = ['fsync=on', 'full_page_writes=on', 'autovacuum=on']
const TRIES = 50

export async function startDrillPostgres(): Promise<DrillPostgres> {
  const server = await startPostgres(SAFE)
  return {
    url: server.url,
    async restart(signal) {
      process.kill(server.pid, signal)
      await gone(server.pid)
      // Until the last child has noticed, the shared memory is in use and a new postmaster refuses to start.
      for (let left = TRIES; ; left--)
        try {
          await server.restart()
          return
        } catch (error) {
          if (left === 0) throw error
          await pause(100)
        }
    },
    stop: () => server.stop(),
  }
}

async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0)
    } catch {
      return
    }
    await pause(20)
  }
}
