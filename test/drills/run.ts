import { parseArgs } from 'node:util'
import { cleanUp, runDrill, type DrillOptions, type DrillReport } from './drill.js'
import type { Finding } from './tally.js'

const SHOWN = 20

/** `npm run -s drill -- --kills N [--queue embedded|redis|<url>] [--flush] [--seed S] [--clients C]`; see docs/drills.md. */
function readOptions(args: string[]): DrillOptions {
  const { values } = parseArgs({
    args,
    options: {
      kills: { type: 'string', default: '20' },
      queue: { type: 'string', default: 'embedded' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      clients: { type: 'string', default: '8' },
      flush: { type: 'boolean', default: false },
    },
  })
  const whole = (name: 'kills' | 'seed' | 'clients', min: number): number => {
    const value = Number(values[name])
    if (!Number.isInteger(value) || value < min) throw new Error(`--${name} is a whole number from ${min}`)
    return value
  }
  return {
    kills: whole('kills', 1),
    seed: whole('seed', 0),
    clients: whole('clients', 1),
    queue: values.queue,
    flush: values.flush,
  }
}

const say = (line: string): void => void process.stderr.write(`drill: ${line}\n`)
const print = (line: string): void => void process.stdout.write(`${line}\n`)

function list(title: string, findings: readonly (Finding | string)[]): void {
  for (const it of findings.slice(0, SHOWN))
    print(`${title}: ${typeof it === 'string' ? it : `${it.ticketId} ${it.what}`}`)
  if (findings.length > SHOWN) print(`${title}: … and ${findings.length - SHOWN} more`)
}

/** What went wrong besides lost and doubled; a drill that tried nothing has proved nothing. */
function otherFaults(report: DrillReport): string[] {
  const faults = [...new Set(report.faults)]
  if (report.exit !== '0') faults.push(`SIGTERM ended the server with ${report.exit}, not 0`)
  if (report.verify.code !== 0) faults.push(`verify ended with ${report.verify.code}`)
  if (report.acknowledged === 0) faults.push('nothing was acknowledged, so nothing could be lost')
  if (report.foreseenDue === 0) faults.push('no timer of the preload fell due, so none could be lost')
  if (report.retried === 0) faults.push('no command was cut off by a kill')
  return faults
}

function tell(report: DrillReport): boolean {
  const faults = otherFaults(report)
  list('lost', report.lost)
  list('doubled', report.doubled)
  list('verify', report.verify.problems)
  list('fault', faults)
  const { cutOff, retried, replayed } = report
  print(`kills during start-up ${report.killsDuringStart}, queue flushed ${report.flushes} times`)
  print(`commands in flight at a kill ${cutOff}, sent again ${retried}, answered from memory ${replayed}`)
  print(
    `tickets ${report.tickets}, timers fired ${report.timersFired} (${report.foreseenDue} of them foreseen), effects ${report.effects}`,
  )
  print(`verify: ${report.verify.problems.length} problems; server ended with ${report.exit} on SIGTERM`)
  print(`redelivered ${report.redelivered} (same key, recognised by the receiver)`)
  print(
    `kills ${report.kills}, acknowledged ${report.acknowledged}, lost ${report.lost.length}, doubled ${report.doubled.length}`,
  )
  return report.lost.length + report.doubled.length + report.verify.problems.length + faults.length === 0
}

const options = readOptions(process.argv.slice(2))
say(`seed ${options.seed}, queue ${options.queue}`)
const report = await runDrill(options, say)
if (tell(report)) await cleanUp(report)
else {
  say(`what is left lies in ${report.dataDir}`)
  process.exitCode = 1
}
