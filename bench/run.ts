import { benchCalendar } from './calendar.js'
import { benchEngine } from './engine.js'
import { benchQueues } from './queues.js'

/**
 * `npm run bench [-- engine|queues|calendar] [--json] [--rounds N] [--seconds S]`: prints a table, or with --json one object on the last line.
 * Floors stand beside the figures, measured in the same run: quote ratios, the machines are noisy.
 */
const BENCHES = {
  engine: (options: { rounds: number; seconds: number }) => benchEngine(options),
  queues: () => benchQueues(),
  calendar: () => Promise.resolve(benchCalendar()),
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
const options = { rounds: Math.round(numberOf('--rounds', 5)), seconds: numberOf('--seconds', 3) }
const chosen = args.filter((it): it is Name => Object.hasOwn(BENCHES, it))
const names = chosen.length > 0 ? chosen : (Object.keys(BENCHES) as Name[])

const results: Record<string, unknown> = {}
for (const name of names) {
  process.stderr.write(`bench ${name} …\n`)
  const result = await BENCHES[name](options)
  results[name] = result
  if (asJson) continue
  process.stdout.write(`${name}\n`)
  for (const [key, value] of Object.entries(result))
    process.stdout.write(`  ${key.padEnd(28)} ${JSON.stringify(value)}\n`)
}
const [only] = names
if (asJson)
  process.stdout.write(`${JSON.stringify(names.length === 1 && only !== undefined ? results[only] : results)}\n`)
