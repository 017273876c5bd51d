import type { Command } from 'commander'
import { loadConfig } from '../config.js'
import { isAnySound, runAny } from '../demo/any/report.js'
import { anyText } from '../demo/any/text.js'
import { runDay } from '../demo/day/run.js'
import { isDaySound } from '../demo/day/report.js'
import { END as DAY_END, START as DAY_START } from '../demo/day/plan.js'
import { dayText } from '../demo/day/text.js'
import { asText } from '../demo/text.js'
import { isSound, runDemo } from '../demo/report.js'
import { asJson } from '../demo/json.js'
import { END, START } from '../demo/period.js'
import { systemClock } from '../engine/index.js'
import { guarded, type CliIo } from './io.js'
import { sampleJpeg } from './sample.js'

interface DemoFlags {
  readonly tickets?: string
  readonly seed: string
  readonly type?: string
  readonly day?: true
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
    .option(
      '--day',
      'four days at the desk instead, through the HTTP API alone: people file, officers decide, everything is proven',
    )
    .option('--tickets <n>', 'how many tickets (default: 200; with --day 500)')
    .option('--seed <n>', 'another seed is another three weeks', '2026')
    .option('--json', 'print one JSON document')
    .action(guarded(io, (flags: DemoFlags) => demo(flags, io)))
}

async function demo(flags: DemoFlags, io: CliIo): Promise<void> {
  const tickets = wholeNumber(flags.tickets ?? (flags.day === true ? '500' : '200'), 1, 5000)
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
  if (flags.day === true) {
    await day({ submissions: tickets, seed, json: flags.json === true }, startedAt, io)
    return
  }
  const report = await runDemo({ tickets, seed, onStep: progress(io, startedAt, START, END) })
  if (flags.json === true) io.out(JSON.stringify(asJson(report), null, 2))
  else {
    for (const line of asText(report)) io.out(line)
    const seconds = ((systemClock.now() - startedAt) / 1000).toFixed(1).replace('.', ',')
    io.out(`  Tiga minggu dijalani dalam ${seconds} detik; folder sementaranya sudah dihapus.`)
    io.out(
      '  `pulih demo --day` menjalani empat hari di meja layanan lewat API: data diri, petugas, empat mata, sanggahan, gangguan.',
    )
  }
  if (!isSound(report)) io.setExitCode(1)
}

/** Few submissions need few people: everybody signs in with an authenticator of their own. */
const FULL_CREW = { agents: 20, checkers: 5, supervisors: 3 }
const SMALL_CREW = { agents: 4, checkers: 2, supervisors: 2 }
const SMALL = 100
/** The scenes of the story need so many people. */
const FEWEST = 30

async function day(
  { submissions, seed, json }: { submissions: number; seed: number; json: boolean },
  startedAt: number,
  io: CliIo,
): Promise<void> {
  if (submissions < FEWEST) {
    io.err(`pulih demo: --day needs --tickets ${FEWEST} or more`)
    io.setExitCode(2)
    return
  }
  const crew = submissions < SMALL ? SMALL_CREW : FULL_CREW
  const onStep = progress(io, startedAt, DAY_START, DAY_END)
  const draw = async (card: { nik: string; name: string; born: string }) =>
    sampleJpeg({ ...card, address: 'JL. CONTOH NO. 1' })
  const report = await runDay({ submissions, seed, crew, draw, onStep })
  if (json) io.out(JSON.stringify(report, null, 2))
  else for (const line of dayText(report)) io.out(line)
  if (!isDaySound(report)) io.setExitCode(1)
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
function progress(io: CliIo, startedAt: number, start: number, end: number): (now: number) => void {
  let saidAt = startedAt
  return (now) => {
    if (systemClock.now() - saidAt < QUIET_MS) return
    saidAt = systemClock.now()
    io.err(`pulih demo: ${Math.floor(((now - start) / (end - start)) * 100)}% of the story`)
  }
}
