import type { Command } from 'commander'
import { loadConfig, type Config } from '../config.js'
import { examine, machineProbes, type Finding, type Level, type Probes } from '../doctor/index.js'
import { PulihError } from '../engine/index.js'
import { guarded, type CliIo } from './io.js'

interface DoctorOptions {
  readonly data?: string
  readonly json?: boolean
}

/** Adds `doctor` to the program. Exit code 1 when something fails, 0 otherwise. */
export function registerDoctor(program: Command, io: CliIo, probes: Probes = machineProbes): void {
  program
    .command('doctor')
    .description('looks at configuration, servers, clock, disk, calendars and what waits; changes nothing')
    .option('--data <dir>', 'data folder (PULIH_DATA, default .pulih)')
    .option('--json', 'prints one JSON document')
    .action(guarded(io, (options: DoctorOptions) => doctor(options, io, probes)))
}

async function doctor(options: DoctorOptions, io: CliIo, probes: Probes): Promise<void> {
  const { config, faults } = configuration(options.data)
  const findings = await examine(config, faults, probes)
  if (options.json === true) io.out(JSON.stringify({ ok: !has(findings, 'fail'), findings }, null, 2))
  else for (const line of lines(findings)) io.out(line)
  if (has(findings, 'fail')) io.setExitCode(1)
}

/** The faults one by one, as the configuration tells them; values are not in them. */
function configuration(data: string | undefined): { config: Config | null; faults: readonly string[] } {
  try {
    return { config: loadConfig(undefined, { data }), faults: [] }
  } catch (error) {
    if (!(error instanceof PulihError)) throw error
    const { faults } = error.extra
    return { config: null, faults: Array.isArray(faults) ? (faults as string[]) : [error.message] }
  }
}

const has = (findings: readonly Finding[], level: Level): boolean => findings.some((it) => it.level === level)
const SIGNS: Readonly<Record<Level, string>> = { ok: 'ok  ', warn: 'WARN', fail: 'FAIL', skipped: '-   ' }

const told = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`

function lines(findings: readonly Finding[]): readonly string[] {
  const width = Math.max(...findings.map((it) => it.check.length))
  const count = (level: Level) => findings.filter((it) => it.level === level).length
  return [
    ...findings.flatMap(({ check, level, is, todo }) => [
      `${SIGNS[level]}  ${check.padEnd(width)}  ${is}`,
      ...(todo === null ? [] : [`      ${' '.repeat(width)}  → ${todo}`]),
    ]),
    '',
    `${count('ok')} ok, ${told(count('warn'), 'warning')}, ${told(count('fail'), 'failure')}, ${count('skipped')} skipped`,
  ]
}
