import { createMachine } from 'xstate'
import type { PengaduanContext } from '../../src/machines/pengaduan/context.js'
import type { TicketType } from '../../src/machines/ticketType.js'
import { pengaduanMachine } from '../../src/machines/pengaduan/machine.js'
import { ticketType } from '../../src/machines/types/pengaduan.js'

/** The configuration as plain data that a test may cut into. */
export interface Config {
  states: Record<string, Config>
  on: Record<string, unknown>
  entry?: unknown[]
  exit?: unknown[]
  [key: string]: unknown
}

/** The ticket type with other guards: what would happen if someone got one wrong. */
export function withGuards(
  guards: Readonly<Record<string, (args: { context: PengaduanContext }) => boolean>>,
): TicketType {
  return { ...ticketType, machine: pengaduanMachine.provide({ guards: guards }) }
}

/** The ticket type with an edited statechart: `edit` gets a copy of the configuration. */
export function withConfig(edit: (handling: Config, root: Config) => void): TicketType {
  const root = copy(pengaduanMachine.config) as Config
  edit(root.states['handling']!, root)
  const machine = createMachine(root as never).provide(pengaduanMachine.implementations as never)
  return { ...ticketType, machine }
}

/** Plain objects and lists are copied; functions (guards, actions) are shared. */
function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, it]) => [key, copy(it)]))
}
