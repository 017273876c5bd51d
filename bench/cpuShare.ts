import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs'

const PERIOD_MICROS = 10_000
/** Where control groups for processor time are: their first version, or the second; and how the second one writes the same. */
const KINDS = [
  { root: '/sys/fs/cgroup/cpu', period: 'cpu.cfs_period_us', limit: 'cpu.cfs_quota_us', none: '-1', value: String },
  {
    ...{ root: '/sys/fs/cgroup', period: null, limit: 'cpu.max', none: 'max' },
    value: (quota: number) => `${quota} ${PERIOD_MICROS}`,
  },
]

/**
 * Holds each process to a share of one core (0 to 1), as if it ran on a small machine of its own, until it ends. `tidy` removes the groups
 * when the processes are gone. Null where the system does not let us (it takes root and control groups that may be written): then nobody is held.
 */
export function holdTo(pids: readonly number[], share: number): { readonly tidy: () => void } | null {
  const kind = KINDS.find(({ root }) => existsSync(`${root}/cgroup.procs`))
  if (kind === undefined) return null
  const groups = pids.map((pid) => `${kind.root}/pulih-bench-${process.pid}-${pid}`)
  const letGo = (): void => {
    for (const group of groups) {
      quietly(() => writeFileSync(`${group}/${kind.limit}`, kind.none))
      quietly(() => rmdirSync(group))
    }
  }
  // Also when the bench itself is ended, so that no limit outlives it.
  process.once('exit', letGo)
  try {
    for (const [n, group] of groups.entries()) {
      mkdirSync(group)
      if (kind.period !== null) writeFileSync(`${group}/${kind.period}`, String(PERIOD_MICROS))
      writeFileSync(`${group}/${kind.limit}`, kind.value(Math.round(share * PERIOD_MICROS)))
      writeFileSync(`${group}/cgroup.procs`, String(pids[n]))
    }
    return { tidy: letGo }
  } catch {
    letGo()
    return null
  }
}

function quietly(work: () => void): void {
  try {
    work()
  } catch {
    // Not there, or somebody is still in it: what counts is tried by itself.
  }
}
