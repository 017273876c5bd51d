import { readdirSync, readFileSync } from 'node:fs'

/** Of the kernel's clock, as /proc counts it; the same on every Linux that Node runs on. */
const TICK_MICROS = 10_000

interface Spent {
  readonly pid: number
  readonly parent: number
  readonly micros: number
}

/** Processor time that a process and its children have taken so far, living or waited for, in microseconds. Linux only: reads /proc. */
export function processorTime(pid: number): number {
  const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? spentBy(Number(name)) : []))
  return all.filter((it) => it.pid === pid || it.parent === pid).reduce((sum, it) => sum + it.micros, 0)
}

/** Empty for a process that has ended meanwhile. */
function spentBy(pid: number): Spent[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name may hold spaces; behind it come state, parent and (from the 12th on) ticks in user, kernel, and those of ended children.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const ticks = fields.slice(11, 15).reduce((sum, it) => sum + Number(it), 0)
    return [{ pid, parent: Number(fields[1]), micros: ticks * TICK_MICROS }]
  } catch {
    return []
  }
}
