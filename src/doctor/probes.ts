import { existsSync, readFileSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { freemem, totalmem } from 'node:os'
import { dirname } from 'node:path'
import { systemClock } from '../engine/clock.js'
import type { Probes } from './types.js'

/** The real machine. */
export const machineProbes: Probes = {
  clock: systemClock,
  node: process.versions.node,
  platform: `${process.platform} ${process.arch}`,
  availableMemory() {
    const told = /^MemAvailable:\s+(\d+) kB/m.exec(textOf('/proc/meminfo'))?.[1]
    const free = told === undefined ? freemem() : Number(told) * 1024
    const limit = process.constrainedMemory()
    return limit > 0 && limit < totalmem() ? Math.min(free, limit) : free
  },
  async freeDisk(path) {
    let at = path
    while (!existsSync(at) && dirname(at) !== at) at = dirname(at)
    const { bavail, bsize } = await statfs(at)
    return bavail * bsize
  },
  openFiles() {
    const told = /^Max open files\s+(\d+|unlimited)/m.exec(textOf('/proc/self/limits'))?.[1]
    if (told === undefined) return null
    return told === 'unlimited' ? Number.MAX_SAFE_INTEGER : Number(told)
  },
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
