import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs'

const PERIOD_MICROS = 10_000
/** Where control groups for processor time are: their first version, or the second. */
const ROOTS = [
  { root: '/sys/fs/cgroup/cpu', limit: 'cpu.cfs_quota_us', value: (quota: number) => String(quota) },
  { root: '/sys/fs/cgroup', limit: 'cpu.max', value: (quota: number) => `${quota} ${PERIOD_MICROS}` },
]

/**
 * Holds each process to a share of one core (0 to 1), as if it ran on a small machine of its own; gives how to let them go again.
 * Null where the system does not let us: it takes root and a control group that may be written.
 */
export function holdTo(pids: readonly number[], share: number): (() => void) | null {
  const kind = ROOTS.find(({ root }) => existsSync(`${root}/cgroup.procs`))
  if (kind === undefined) return null
  const { root, limit, value } = kind
  const made: string[] = []
  const letGo = (): void => {
    for (const pid of pids) if (existsSync(`/proc/${pid}`)) writeFileSync(`${root}/cgroup.procs`, String(pid))
    for (const group of made) rmdirSync(group)
  }
  try {
    for (const pid of pids) {
      const group = `${root}/pulih-bench-${pid}`
      mkdirSync(group)
      made.push(group)
      if (existsSync(`${group}/cpu.cfs_period_us`)) writeFileSync(`${group}/cpu.cfs_period_us`, String(PERIOD_MICROS))
      writeFileSync(`${group}/${limit}`, value(Math.round(share * PERIOD_MICROS)))
      writeFileSync(`${group}/cgroup.procs`, String(pid))
    }
    return letGo
  } catch {
    letGo()
    return null
  }
}
