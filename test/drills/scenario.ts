import { Stage, type Count, type Service, type StageOptions } from './stage.js'

/** How a drill is asked for. */
export interface DrillOptions {
  readonly store: StageOptions['store']
  /** null: what fits the scenario. */
  readonly queue: string | null
  readonly processes: StageOptions['processes']
  readonly seed: number
  readonly clients: number
  /** `kill -9` so often (kills), or so many rounds of what the scenario does. */
  readonly rounds: number
  /** Redis is emptied at a random moment of each kill. */
  readonly flush: boolean
  /** How much of the preload there is; 1 is all. */
  readonly share: number
}
type Say = (line: string) => void

export interface Scenario {
  readonly name: string
  readonly summary: string
  /** Rounds when nobody says how many. */
  readonly rounds: number
  /** Why it cannot run here; null when it can. */
  readonly cannot?: (options: DrillOptions) => string | null
  readonly run: (options: DrillOptions, say: Say) => Promise<Report>
}

export interface Report {
  readonly scenario: string
  /** What was done to it, as the last line begins: `kills 20`. */
  readonly did: string
  readonly count: Count
  /** What went wrong besides lost and doubled. */
  readonly faults: readonly string[]
}
/** What a scenario did on its stage; the rest is counted. */
export interface Played {
  readonly service: Service
  readonly did: string
  readonly faults?: readonly string[]
  /** Looked for in what the store holds at the end. */
  readonly check?: (count: Count) => readonly string[]
}

/** Opens a stage, plays, counts, and closes it whatever happens. */
export async function perform(
  scenario: string,
  options: StageOptions,
  say: Say,
  play: (stage: Stage) => Promise<Played>,
): Promise<Report> {
  const stage = await Stage.open(options, say)
  try {
    const { service, did, faults = [], check } = await play(stage)
    const count = await stage.finish(service)
    return { scenario, did, count, faults: [...faults, ...faultsOf(count), ...(check?.(count) ?? [])] }
  } catch (error) {
    say(`given up; the servers said last:\n${stage.lastWords}`)
    throw error
  } finally {
    await stage.close()
  }
}

/** A drill that tried nothing has proved nothing. */
function faultsOf(count: Count): string[] {
  const faults = [...new Set(count.faults)]
  if (count.exit !== '0') faults.push(`SIGTERM ended the server with ${count.exit}, not 0`)
  if (count.verify.code !== 0) faults.push(`verify ended with ${count.verify.code}`)
  if (count.acknowledged === 0) faults.push('nothing was acknowledged, so nothing could be lost')
  if (count.foreseenDue === 0) faults.push('no timer of the preload fell due, so none could be lost')
  for (const { row, log } of count.records)
    if (log.some((it, n) => n > 0 && it.at < log[n - 1]!.at)) faults.push(`${row.id}: instants run backwards`)
  return faults
}

export const isClean = ({ count, faults }: Report): boolean =>
  count.lost.length + count.doubled.length + count.verify.problems.length + faults.length === 0

/** What every scenario takes from the options as they are. */
export const stageOf = (
  { store, queue, processes, seed, clients, share }: DrillOptions,
  fit: { queue?: string; horizonMs: number },
): StageOptions => ({
  store,
  queue: queue ?? (store === 'postgres' && fit.queue === undefined ? 'postgres' : (fit.queue ?? 'embedded')),
  processes,
  seed,
  clients,
  share,
  horizonMs: fit.horizonMs,
})
