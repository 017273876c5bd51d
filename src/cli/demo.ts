import type { Command } from 'commander'
import { loadConfig } from '../config.js'
import { isAnySound, runAny } from '../demo/any/report.js'
import { anyText } from '../demo/any/text.js'
import { asText } from '../demo/text.js'
import { isSound, runDemo } from '../demo/report.js'
import { asJson } from '../demo/json.js'
import { END, START } from '../demo/period.js'
import { systemClock } from '../engine/index.js'
import { guarded, type CliIo } from './io.js'

interface DemoFlags {
  readonly tickets: string
  readonly seed: string
  readonly type?: string
  readonly json?: true
}

const QUIET_MS = 1000

/** Adds `demo` to the program: three weeks around Lebaran 2026 on a virtual clock. Exit code 1 when a rule does not hold. */
export function registerDemo(program: Command, io: CliIo): void {
  program
    .command('demo')
    .description('lives through three weeks around Lebaran 2026 on a virtual clock, in seconds')
    .option(
      '--type <id>',
      'any ticket type instead: plays its stories and walks at random, then checks what was stored',
    )
    .option('--tickets <n>', 'how many tickets', '200')
    .option('--seed <n>', 'another seed is another three weeks', '2026')
    .option('--json', 'print one JSON document')
    .action(guarded(io, (flags: DemoFlags) => demo(flags, io)))
}

async function demo(flags: DemoFlags, io: CliIo): Promise<void> {
  const tickets = wholeNumber(flags.tickets, 1, 5000)
  const seed = wholeNumber(flags.seed, 0, 2 ** 31 - 1)
  if (tickets === null || seed === null) {
    io.err('pulih demo: --tickets is a whole number from 1 to 5000, --seed one from 0')
    io.setExitCode(2)
    return
  }
  const startedAt = systemClock.now()
  if (flags.type !== undefined) {
    await anyType(flags.type, { tickets, seed, json: flags.json === true }, io)
    return
  }
  const report = await runDemo({ tickets, seed, onStep: progress(io, startedAt) })
  if (flags.json === true) io.out(JSON.stringify(asJson(report), null, 2))
  else {
    for (const line of asText(report)) io.out(line)
    const seconds = ((systemClock.now() - startedAt) / 1000).toFixed(1).replace('.', ',')
    io.out(`  Tiga minggu dijalani dalam ${seconds} detik; folder sementaranya sudah dihapus.`)
  }
  if (!isSound(report)) io.setExitCode(1)
}

/** A type nobody wrote a demonstration for. */
async function anyType(
  type: string,
  { json, ...options }: { tickets: number; seed: number; json: boolean },
  io: CliIo,
): Promise<void> {
  const report = await runAny({ type, files: loadConfig().ticketTypes, ...options })
  if (json) io.out(JSON.stringify(report, null, 2))
  else for (const line of anyText(report)) io.out(line)
  if (!isAnySound(report)) io.setExitCode(1)
}

function wholeNumber(text: string, min: number, max: number): number | null {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : NaN
  return value >= min && value <= max ? value : null
}

/** Says on stderr how far it is, once a second and only when it takes longer than that. */
function progress(io: CliIo, startedAt: number): (now: number) => void {
  let saidAt = startedAt
  return (now) => {
    if (systemClock.now() - saidAt < QUIET_MS) return
    saidAt = systemClock.now()
    io.err(`pulih demo: ${Math.floor(((now - START) / (END - START)) * 100)}% of the three weeks`)
  }
}
