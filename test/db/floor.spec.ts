import { describe, expect, it, onTestFinished } from 'vitest'
import { openFloor, rawFloor } from '../../bench/floor.js'
import { filing, outboxRow, step } from './rows.js'

const first = filing(1)
const second = step(first.ticket, { outbox: [outboxRow(first.ticket.id, 2)] })
const timer = { ...first.timersAdded[0]!, state: 'fired' as const, closedAt: 5 }
const last = step(second.ticket, { timersClosed: [timer] }, { standing: 'terminal' })

describe('the raw floor', () => {
  it('replays whole lives with every row of them', () => {
    const floor = openFloor([first, second, last], { ticketsPerCommit: 10 })
    onTestFinished(() => floor.close())
    floor.run(0.05)
    const { transitions, bytesPerTransition } = floor.run(0.05)
    expect(transitions).toBeGreaterThan(30)
    expect(bytesPerTransition).toBeGreaterThan(JSON.stringify(first.ticket.snapshot).length)
    const count = (what: string) => floor.db.prepare(`SELECT count(*) FROM ${what}`).pluck().get() as number
    const total = count('ticket_log')
    expect(count('idempotency')).toBe(total)
    expect(count('tickets')).toBe(count('timers'))
    expect(count("tickets WHERE standing = 'terminal'")).toBe(count("timers WHERE state = 'fired'"))
    expect(count("tickets WHERE standing = 'terminal'")).toBeGreaterThan(10)
    expect(total).toBe(
      count('tickets WHERE revision = 1') +
        2 * count('tickets WHERE revision = 2') +
        3 * count('tickets WHERE revision = 3'),
    )
  })

  it('puts the beginning there when only a later change was recorded', () => {
    expect(rawFloor({ seconds: 0.05, changes: [last] }).perSecond).toBeGreaterThan(0)
  })

  it('needs something to write', () => {
    expect(() => rawFloor({ seconds: 1, changes: [] })).toThrow('at least one change')
  })
})
