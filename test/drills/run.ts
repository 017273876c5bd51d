import { parseArgs } from 'node:util'
import { cleanUp } from './stage.js'
import { isClean, type DrillOptions, type Report, type Scenario } from './scenario.js'
import { scenarios } from './scenarios/index.js'
import type { Finding } from './tally.js'

const SHOWN = 20
const say = (line: string): void => void process.stderr.write(`drill: ${line}\n`)
const print = (line: string): void => void process.stdout.write(`${line}\n`)

const HELP = `npm run -s drill -- [options]        see docs/drills.md

  --scenario NAME     what happens to the server (kills); all: one after the other
  --store S           sqlite (default) or postgres, which the drill starts itself
  --queue Q           embedded, redis, postgres (started by the drill) or a URL; default: what fits the scenario
  --processes P       serve (default), or api,work: two processes, either of which is killed
  --kills N           rounds of kill -9 (20)
  --rounds N          rounds of another scenario
  --flush             kills: Redis is emptied at a random moment of each round
  --clients C         concurrent clients (8)
  --seed S            repeats the plan of faults and stories; the moments inside the server stay its own

Scenarios:
${scenarios.map((it) => `  ${it.name.padEnd(22)}${it.summary}`).join('\n')}`

interface Asked {
  readonly chosen: readonly Scenario[]
  readonly optionsOf: (scenario: Scenario) => DrillOptions
}

/** The question is no good; said in a line. */
class Misasked extends Error {}

function readArguments(args: string[]): Asked | null {
  const { values } = parseArgs({
    args,
    options: {
      scenario: { type: 'string', default: 'kills' },
      store: { type: 'string', default: 'sqlite' },
      queue: { type: 'string' },
      processes: { type: 'string', default: 'serve' },
      kills: { type: 'string' },
      rounds: { type: 'string' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      clients: { type: 'string', default: '8' },
      flush: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return null
  const whole = (name: 'kills' | 'rounds' | 'seed' | 'clients', min: number): number | null => {
    const text = values[name]
    if (text === undefined) return null
    const value = Number(text)
    if (!Number.isInteger(value) || value < min) throw new Misasked(`--${name} is a whole number from ${min}`)
    return value
  }
  const oneOf = <T extends string>(name: 'store' | 'processes', known: readonly T[]): T => {
    const found = known.find((it) => it === values[name])
    if (found === undefined) throw new Misasked(`--${name} is ${known.join(' or ')}`)
    return found
  }
  const chosen = scenarios.filter((it) => values.scenario === 'all' || it.name === values.scenario)
  if (chosen.length === 0)
    throw new Misasked(`--scenario is one of ${scenarios.map((it) => it.name).join(', ')} or all`)
  const shared = {
    store: oneOf('store', ['sqlite', 'postgres']),
    queue: values.queue ?? null,
    processes: oneOf('processes', ['serve', 'api,work']),
    seed: whole('seed', 0) ?? 0,
    clients: whole('clients', 1) ?? 1,
    share: 1,
    flush: values.flush,
  }
  if (shared.store === 'postgres' && shared.queue === 'embedded')
    throw new Misasked('--store postgres goes with --queue postgres or redis')
  if (shared.store === 'sqlite' && shared.processes === 'api,work')
    throw new Misasked('--processes api,work needs --store postgres')
  const rounds = whole('kills', 1) ?? whole('rounds', 1)
  return { chosen, optionsOf: (scenario) => ({ ...shared, rounds: rounds ?? scenario.rounds }) }
}

function list(title: string, findings: readonly (Finding | string)[]): void {
  for (const it of findings.slice(0, SHOWN))
    print(`${title}: ${typeof it === 'string' ? it : `${it.ticketId} ${it.what}`}`)
  if (findings.length > SHOWN) print(`${title}: … and ${findings.length - SHOWN} more`)
}

function tell({ scenario, did, count, faults }: Report): void {
  list('lost', count.lost)
  list('doubled', count.doubled)
  list('verify', count.verify.problems)
  list('fault', faults)
  const { cutOff, retried, replayed, unavailable } = count
  const away = [...unavailable].map(([code, times]) => `${code} ${times}`).join(', ')
  print(`commands in flight at a kill ${cutOff}, sent again ${retried}, answered from memory ${replayed}`)
  if (away !== '') print(`answers of 503: ${away}`)
  print(
    `tickets ${count.tickets}, timers fired ${count.timersFired} (${count.foreseenDue} of them foreseen), effects ${count.effects}`,
  )
  print(`verify: ${count.verify.problems.length} problems; server ended with ${count.exit} on SIGTERM`)
  print(`redelivered ${count.redelivered} (same key, recognised by the receiver)`)
  const { acknowledged, lost, doubled } = count
  const name = scenario === 'kills' ? '' : `${scenario}: `
  print(`${name}${did}, acknowledged ${acknowledged}, lost ${lost.length}, doubled ${doubled.length}`)
}

async function drill(scenario: Scenario, options: DrillOptions): Promise<boolean> {
  const why = scenario.cannot?.(options) ?? null
  if (why !== null) {
    print(`*** ${scenario.name} SKIPPED: ${why} ***`)
    return false
  }
  say(`${scenario.name}: seed ${options.seed}, store ${options.store}, queue ${options.queue ?? 'as it fits'}`)
  const report = await scenario.run(options, say)
  tell(report)
  const clean = isClean(report)
  if (clean) await cleanUp(report.count)
  else say(`what is left lies in ${report.count.dataDir}`)
  return clean
}

async function main({ chosen, optionsOf }: Asked): Promise<void> {
  let clean = true
  for (const scenario of chosen) {
    // Of all scenarios only those that fit are meant.
    const why = chosen.length > 1 ? (scenario.cannot?.(optionsOf(scenario)) ?? null) : null
    if (why !== null) {
      print(`*** ${scenario.name} SKIPPED: ${why} ***`)
      continue
    }
    clean = (await drill(scenario, optionsOf(scenario))) && clean
  }
  if (!clean) process.exitCode = 1
}

try {
  const asked = readArguments(process.argv.slice(2))
  if (asked === null) print(HELP)
  else await main(asked)
} catch (error) {
  const misasked = error instanceof Misasked || (error instanceof TypeError && 'code' in error)
  if (!misasked) throw error
  say(`${error.message} (--help says more)`)
  process.exitCode = 2
}
