import { slaFamily } from '../machines/generations.js'
import type { Actor, TicketEvent, TicketType } from '../machines/ticketType.js'
import type { PendingTimer } from './schedule.js'

export const SYSTEM: Actor = { id: 'system', role: 'system' }

/** The event that a timer sends when it rings at `at`, as the log records it. */
export function timerEvent(type: TicketType, { family, threshold, generation }: PendingTimer, at: number): TicketEvent {
  const stamp = { at, actor: SYSTEM, generation }
  const deadline = type.deadlines[family]?.[threshold]
  if (deadline !== undefined) return { type: deadline, ...stamp }
  const target = family.slice(slaFamily('').length)
  const name = threshold === 'due' ? 'sla.due' : threshold.startsWith('ladder') ? 'sla.escalate' : 'sla.warn'
  return { type: name, target, threshold, ...stamp }
}

const SLA_TIMERS = ['sla.warn', 'sla.due', 'sla.escalate']

/** Does only a timer send this event? Then nobody else may: its row and its instant are the guard. */
export const isTimerEvent = (type: TicketType, name: string): boolean =>
  SLA_TIMERS.includes(name) || Object.values(type.deadlines).some((family) => Object.values(family).includes(name))
