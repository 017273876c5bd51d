import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { persist } from '../../src/machines/snapshots.js'
import type { PersistedSnapshot, TicketEvent } from '../../src/machines/ticketType.js'
import { ticketType } from '../../src/machines/types/pengaduan.js'
import { EVENTS, timerEvents, STARTS } from './events.js'
import { explore } from './explore.js'

/** A stored ticket of an old version and what it answered then; it must answer the same for ever. */
export interface Frozen {
  readonly machineVersion: number
  readonly state: string
  readonly path: string
  readonly snapshot: PersistedSnapshot
  /** Names of the events it accepts; every other one of `events.json` it refuses. */
  readonly accepts: readonly string[]
  readonly timers: readonly { readonly name: string; readonly event: TicketEvent; readonly accepted: boolean }[]
}
export const folderOf = (version: number): string =>
  fileURLToPath(new URL(`../fixtures/machines/${ticketType.type}-v${version}/`, import.meta.url))

export const frozenEvents = (version: number): Record<string, TicketEvent> =>
  JSON.parse(readFileSync(`${folderOf(version)}events.json`, 'utf8')) as Record<string, TicketEvent>
export const frozenTickets = (version: number): readonly Frozen[] =>
  readdirSync(folderOf(version))
    .filter((name) => name !== 'events.json')
    .sort()
    .map((name) => JSON.parse(readFileSync(`${folderOf(version)}${name}`, 'utf8')) as Frozen)

/** Writes one file per handling state of the version in force. What is frozen already stays as it is. */
export function freeze(): readonly string[] {
  const version = ticketType.version
  const folder = folderOf(version)
  const written: string[] = []
  const write = (name: string, content: unknown) => {
    if (existsSync(`${folder}${name}.json`)) return
    writeFileSync(`${folder}${name}.json`, `${JSON.stringify(content, null, 2)}\n`)
    written.push(name)
  }
  mkdirSync(folder, { recursive: true })
  write('events', EVENTS)
  const events = frozenEvents(version)
  const without = (name: string) => /by c|promise|SLIP|warn|escalate/.test(name)
  const { nodes, pathTo } = explore(STARTS[0]!, () => undefined, { without })
  for (const state of Object.keys(ticketType.states)) {
    const here = nodes.filter((it) => it.leaf === state)
    // One whose promises have begun says more than a draft that was given up.
    const node = here.find((it) => (it.snapshot.value as Record<string, string>)['resolution'] !== 'idle') ?? here[0]
    if (node === undefined) throw new Error(`${state} is never reached`)
    write(state, {
      machineVersion: version,
      state,
      path: pathTo(node),
      snapshot: persist(node.snapshot),
      accepts: Object.keys(events).filter((name) => node.snapshot.can(events[name]!)),
      timers: timerEvents(node.context).map(([name, event]) => ({ name, event, accepted: node.snapshot.can(event) })),
    } satisfies Frozen)
  }
  return written
}
