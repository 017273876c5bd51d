import { benchCalendar } from './calendar.js'
import { benchCompiledEngine } from './compiled.js'
import { benchGrowth } from './growth.js'
import { benchHttp } from './http.js'
import { benchIntake } from './intake.js'
import { benchPages } from './pages.js'
import { benchPostgres } from './postgres.js'
import { benchQueues } from './queues.js'
import { benchReady } from './ready.js'
import { benchRedate } from './redate.js'
import { benchReports } from './reports.js'
import { targetLine, type Target } from './targets.js'
import { benchTimers } from './timers.js'
import { benchUploads } from './uploads.js'
import { benchWorklist } from './worklist.js'

/**
 * `npm run bench [-- engine|http|intake|postgres|queues|calendar|redate|timers|growth|ready|uploads|worklist|reports|pages] [--json] [--rounds N] [--seconds S] [--profile] [--short]`: prints a table, or with --json one object on the last line.
 * Floors stand beside the figures, measured in the same run: quote ratios, the machines are noisy.
 */
const BENCHES = {
  engine: (options: { rounds: number; seconds: number; profile: boolean }) => benchCompiledEngine(options),
  http: (options: { rounds: number; seconds: number }) => benchHttp(options),
  intake: (options: { rounds: number; seconds: number }) => benchIntake(options),
  postgres: (options: { rounds: number; seconds: number }) => benchPostgres(options),
  queues: () => benchQueues(),
  calendar: () => Promise.resolve(benchCalendar()),
  redate: () => benchRedate(),
  timers: ({ rounds, short }: { rounds: number; short: boolean }) =>
    benchTimers(short ? { rounds: 1, timers: 1_000, singles: 3 } : { rounds }),
  growth: ({ rounds, short }: { rounds: number; short: boolean }) =>
    benchGrowth(short ? { rounds: 1, large: 20_000, small: 5_000 } : { rounds }),
  ready: ({ rounds, short }: { rounds: number; short: boolean }) =>
    benchReady(short ? { rounds: 1, tickets: 2_000, timerTickets: 3_500 } : { rounds }),
  worklist: ({ short }: { short: boolean }) => benchWorklist(short ? { tickets: 20_000, rounds: 40 } : {}),
  reports: ({ short }: { short: boolean }) => benchReports(short ? { tickets: 20_000, rounds: 1 } : {}),
  pages: ({ rounds, short }: { rounds: number; short: boolean }) => benchPages(short ? { rounds: 1 } : { rounds }),
  uploads: ({ short }: { short: boolean }) => benchUploads(short ? { uploads: 65 } : {}),
} as const
type Name = keyof typeof BENCHES

const args = process.argv.slice(2)
const asJson = args.includes('--json')
const numberOf = (flag: string, fallback: number): number => {
  const at = args.indexOf(flag)
  const value = at === -1 ? fallback : Number(args[at + 1])
  if (!Number.isFinite(value) || value <= 0) throw new RangeError(`${flag} takes a positive number`)
  return value
}
const options = {
  rounds: Math.round(numberOf('--rounds', 5)),
  seconds: numberOf('--seconds', 3),
  profile: args.includes('--profile'),
  short: args.includes('--short'),
}
const chosen = args.filter((it): it is Name => Object.hasOwn(BENCHES, it))
const names = chosen.length > 0 ? chosen : (Object.keys(BENCHES) as Name[])

const results: Record<string, unknown> = {}
for (const name of names) {
  process.stderr.write(`bench ${name} …\n`)
  const result = await BENCHES[name](options)
  results[name] = result
  if (asJson) continue
  process.stdout.write(`${name}\n`)
  const { targets = [], ...figures } = result as { targets?: readonly Target[] }
  for (const [key, value] of Object.entries(figures))
    process.stdout.write(`  ${key.padEnd(28)} ${JSON.stringify(value)}\n`)
  for (const target of targets) process.stdout.write(`  ${targetLine(target)}\n`)
}
const [only] = names
if (asJson)
  process.stdout.write(`${JSON.stringify(names.length === 1 && only !== undefined ? results[only] : results)}\n`)
